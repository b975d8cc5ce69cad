import { Box, IconButton, Link, Typography } from '@mui/material';
import { Suspense, useEffect, useRef, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import { CloseIcon, MenuIcon } from '@/components/icons';
import { TOAST_HEIGHT } from '@/components/notify';
import { Drawer } from '@/components/overlays';
import { Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { Alerts } from './Alerts';
import { CommandPalette } from './CommandPalette';
import { CurrentTabs } from './CurrentTabs';
import { Navigation } from './Navigation';
import { SignedInUser } from './SignedInUser';
import { StatusBar } from './StatusBar';

const SIDEBAR_WIDTH = 216; // pixels
const TOP_BAR_HEIGHT = 57; // pixels, on small screens

/** The layout of all pages: navigation on the side, or behind a button on small screens. */
export function Layout() {
  const [open, setOpen] = useState(false);
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const before = useRef<string | null>(null);
  useEffect(() => {
    const from = before.current;
    before.current = pathname;
    if (from === null || from === pathname) return;
    // Focus the new page so that screen readers announce it. A drawer that opens over the playground is not a new page,
    // nor is another conversation in the inbox. A dialog that was opened while the page loaded keeps the focus.
    const isInInbox = from.startsWith(paths.inbox) && pathname.startsWith(`${paths.inbox}/`);
    const isInDialog = document.activeElement?.closest('[role="dialog"]');
    if (!isInInbox && !isInDialog && !pathname.startsWith(`${paths.chat}/`)) {
      main.current?.focus({ preventScroll: true });
    }
  }, [pathname]);
  return (
    <Box
      sx={{
        display: 'flex',
        flexDirection: { xs: 'column', md: 'row' },
        minHeight: '100dvh',
        pb: TOAST_HEIGHT,
      }}
    >
      <Link
        href="#main"
        sx={{
          position: 'fixed',
          left: 8,
          top: 8,
          zIndex: 2000,
          bgcolor: 'background.paper',
          p: 1,
          '&:not(:focus)': { clipPath: 'inset(50%)', pointerEvents: 'none' },
        }}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {texts.nav.skip}
      </Link>
      <Box
        component="header"
        sx={{
          display: { xs: 'flex', md: 'none' },
          alignItems: 'center',
          gap: 1,
          minHeight: TOP_BAR_HEIGHT,
          px: { xs: 2, sm: 3 },
          position: 'sticky',
          top: 0,
          zIndex: 'appBar',
          bgcolor: 'background.paper',
          borderBottom: 1,
          borderColor: 'divider',
        }}
      >
        <IconButton edge="start" aria-label={texts.nav.open} aria-expanded={open} onClick={() => setOpen(true)}>
          <MenuIcon />
        </IconButton>
        <Typography sx={{ fontWeight: 650 }}>{texts.product}</Typography>
        <Box sx={{ minWidth: 0, ml: 'auto', textAlign: 'right' }}>
          <SignedInUser />
        </Box>
      </Box>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        sx={{ display: { md: 'none' } }}
        slotProps={{ paper: { 'aria-label': texts.nav.label, sx: { width: 264 } } }}
      >
        <IconButton
          aria-label={texts.common.close}
          onClick={() => setOpen(false)}
          sx={{ alignSelf: 'flex-end', m: 1, mb: -5, zIndex: 1 }}
        >
          <CloseIcon />
        </IconButton>
        <Navigation onNavigate={() => setOpen(false)} />
      </Drawer>
      <Box
        sx={{
          display: { xs: 'none', md: 'block' },
          width: SIDEBAR_WIDTH,
          flexShrink: 0,
          borderRight: 1,
          borderColor: 'divider',
          bgcolor: 'background.paper',
          position: 'sticky',
          top: 0,
          height: `calc(100dvh - ${TOAST_HEIGHT})`,
          overflowY: 'auto',
        }}
      >
        <Navigation />
      </Box>
      <Box
        component="main"
        id="main"
        ref={main}
        tabIndex={-1}
        sx={{
          flexGrow: 1,
          minWidth: 0,
          outline: 'none',
          display: 'flex',
          flexDirection: 'column',
          // Pages that fill the window scroll inside.
          '&:has(> [data-fill])': {
            flexGrow: { xs: 0, md: 1 },
            height: {
              xs: `calc(100dvh - ${TOP_BAR_HEIGHT}px - ${TOAST_HEIGHT})`,
              md: `calc(100dvh - ${TOAST_HEIGHT})`,
            },
          },
        }}
      >
        <StatusBar />
        <CurrentTabs />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </Box>
      <CommandPalette />
      <Alerts />
    </Box>
  );
}
