import { Box, ButtonBase, Stack, Typography } from '@mui/material';
import { useColorScheme } from '@mui/material/styles';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { ConversationsIcon, LanguageIcon, SignOutIcon, ThemeIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Menu, MenuItem } from '@/components/overlays';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { formatUpTo } from '@/lib/intl';
import { LANGUAGES, type Language, chooseLanguage, language } from '@/config/language';
import { signInOptionsQuery, useSession } from '@/lib/session';
import { ModelDot } from './ModelDot';
import { pageAt, useSections } from './pages';
import { SignedInUser } from './SignedInUser';
import { useWaiting } from './useWaiting';

const NewBusinessDialog = loadWhenOpened(async () => (await import('./NewBusinessDialog')).NewBusinessDialog);

const NEW_BUSINESS = 'new';

const NAV_ITEM = {
  borderRadius: 1.5,
  width: '100%',
  justifyContent: 'flex-start',
  textAlign: 'start',
  px: 2,
  py: 0.75,
  mb: 0.25,
  '&:hover': { bgcolor: 'action.hover' },
  '&[aria-current]': { bgcolor: 'action.selected' },
};

/** The links to the sections, and below them who is signed in, where, and what applies to the whole session. */
export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const { pathname } = useLocation();
  const waiting = useWaiting();
  const sections = useSections();
  const current = pageAt(
    sections.flatMap((each) => each.pages),
    pathname,
  );
  return (
    <Stack component="nav" aria-label={texts.nav.label} sx={{ minHeight: '100%', py: 2 }}>
      <Box sx={{ px: 2.5, pb: 1.5, minWidth: 0 }}>
        <Typography variant="h2" component="p" color="primary">
          {texts.product}
        </Typography>
        <ModelDot />
      </Box>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, px: 1, py: 1, flexGrow: 1 }}>
        {sections.map(({ label, Icon, pages }) => {
          const isCurrent = current !== undefined && pages.includes(current);
          return (
            <li key={label}>
              <ButtonBase
                component={Link}
                to={pages[0]?.to ?? paths.start}
                onClick={onNavigate}
                aria-current={isCurrent ? (pages.length > 1 ? 'true' : 'page') : undefined}
                sx={NAV_ITEM}
              >
                <NavItem icon={<Icon />} label={label} isCurrent={isCurrent} />
                {pages[0]?.to === paths.inbox && waiting > 0 && <WaitingBadge count={waiting} />}
              </ButtonBase>
            </li>
          );
        })}
      </Box>
      <Box sx={{ mx: 2, mb: 1, borderTop: 1, borderColor: 'divider' }} />
      <Box sx={{ px: 1 }}>
        <BusinessMenu />
        <LanguageMenu />
        <ThemeMenu />
        <SignOut />
      </Box>
      <Box sx={{ px: 2.5, pt: 1, minWidth: 0 }}>
        <SignedInUser wraps />
      </Box>
    </Stack>
  );
}

function WaitingBadge({ count }: { count: number }) {
  return (
    <Box
      component="span"
      aria-label={texts.inbox.waitingNow({ n: count })}
      role="img"
      sx={{
        minWidth: 20,
        px: 0.75,
        borderRadius: 5,
        bgcolor: 'warning.main',
        color: 'background.paper',
        fontSize: '0.75rem',
        fontWeight: 650,
        lineHeight: '20px',
        textAlign: 'center',
      }}
    >
      {formatUpTo(999, count)}
    </Box>
  );
}

/** Shown to users who belong to several businesses, or may create a further one. */
function BusinessMenu() {
  const { me, business, switchTo } = useSession();
  const [isCreating, setCreating] = useState(false);
  const isLogin = me.kind === 'login';
  const options = useQuery({ ...signInOptionsQuery(), enabled: isLogin });
  const canCreate = options.data?.signup === 'open';
  if (!isLogin || (me.businesses.length < 2 && !canCreate)) return null;
  return (
    <>
      <NavMenu
        icon={<ConversationsIcon />}
        label={texts.nav.switchBusiness}
        options={[
          ...me.businesses.map((each) => ({ value: each.business_id, label: each.business_name })),
          ...(canCreate ? [{ value: NEW_BUSINESS, label: texts.nav.newBusiness }] : []),
        ]}
        selected={business.business_id}
        onSelect={(id) => (id === NEW_BUSINESS ? setCreating(true) : void switchTo(id))}
      />
      {isCreating && <NewBusinessDialog onCreated={switchTo} onClose={() => setCreating(false)} />}
    </>
  );
}

function LanguageMenu() {
  return (
    <NavMenu
      icon={<LanguageIcon />}
      label={texts.common.language}
      options={(Object.keys(LANGUAGES) as Language[]).map((each) => ({ value: each, label: LANGUAGES[each] }))}
      selected={language}
      onSelect={chooseLanguage}
    />
  );
}

function ThemeMenu() {
  const { mode, setMode } = useColorScheme();
  return (
    <NavMenu
      icon={<ThemeIcon />}
      label={texts.nav.theme}
      options={(['system', 'light', 'dark'] as const).map((each) => ({ value: each, label: texts.nav.themes[each] }))}
      selected={mode}
      onSelect={setMode}
    />
  );
}

interface NavMenuProps<Value extends string> {
  icon: ReactNode;
  label: string;
  options: readonly { value: Value; label: string }[];
  selected: Value | undefined;
  onSelect: (value: Value) => void;
}

/** An item of the navigation that opens a menu. */
function NavMenu<Value extends string>({ icon, label, options, selected, onSelect }: NavMenuProps<Value>) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <ButtonBase
        component="button"
        onClick={(event) => setAnchor(event.currentTarget as HTMLElement)}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        sx={NAV_ITEM}
      >
        <NavItem icon={icon} label={label} />
      </ButtonBase>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {options.map((each) => (
          <MenuItem
            key={each.value}
            selected={each.value === selected}
            onClick={() => {
              setAnchor(null);
              onSelect(each.value);
            }}
          >
            {each.label}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}

function NavItem({ icon, label, isCurrent = false }: { icon: ReactNode; label: string; isCurrent?: boolean }) {
  return (
    <>
      <Box component="span" sx={{ width: 34, lineHeight: 0, color: isCurrent ? 'primary.main' : 'text.secondary' }}>
        {icon}
      </Box>
      <Typography component="span" variant="body2" sx={{ flexGrow: 1, fontWeight: isCurrent ? 650 : 500 }}>
        {label}
      </Typography>
    </>
  );
}

function SignOut() {
  const { signOut } = useSession();
  return (
    <ButtonBase component="button" onClick={() => void signOut()} sx={NAV_ITEM}>
      <NavItem icon={<SignOutIcon />} label={texts.nav.signOut} />
    </ButtonBase>
  );
}
