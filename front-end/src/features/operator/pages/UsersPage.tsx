import { Box, Button, Chip, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { type PersonalLink } from '@/components/LinkDialog';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { SearchField } from '@/components/SearchField';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { operatorTexts } from '@/config/texts/operator';
import { isolated } from '@/lib/format';
import { formatList } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { PlatformUser } from '@/lib/types';
import { displayName } from '@/lib/users';
import { useOperatorActions, usersQuery } from '../api/operator';
import { OperatorPage } from '../components/OperatorPage';
import { PagedList } from '../components/PagedList';

const LinkDialog = loadWhenOpened(async () => (await import('@/components/LinkDialog')).LinkDialog);

export default function UsersPage() {
  const { me } = useSession();
  const [q, setQ] = useState('');
  const [link, setLink] = useState<PersonalLink | null>(null);
  const [removing, setRemoving] = useState<PlatformUser | null>(null);
  const { createPasswordLink, removeSecondFactor } = useOperatorActions();
  const users = useInfiniteQuery({ ...usersQuery(q), enabled: me.is_operator });
  return (
    <OperatorPage title={operatorTexts.users} description={operatorTexts.usersDescription}>
      {createPasswordLink.error && (
        <ErrorNotice error={createPasswordLink.error} onClose={() => createPasswordLink.reset()} />
      )}
      <SearchField label={operatorTexts.searchUsers} value={q} onChange={setQ} sx={{ maxWidth: { sm: 360 } }} />
      <PagedList
        label={operatorTexts.users}
        query={users}
        keyOf={(each) => each.user_id}
        empty={q ? operatorTexts.noMatch : operatorTexts.noUsers}
      >
        {(each) => (
          <>
            <Details user={each} />
            <Stack direction="row" spacing={1} sx={{ flexShrink: 0 }}>
              {each.has_second_factor && (
                <Button
                  color="error"
                  aria-label={operatorTexts.removeFactorOf({ name: displayName(each) })}
                  onClick={() => setRemoving(each)}
                >
                  {operatorTexts.removeFactor}
                </Button>
              )}
              <Button
                aria-label={operatorTexts.passwordLinkOf({ name: displayName(each) })}
                disabled={createPasswordLink.isPending}
                onClick={() =>
                  createPasswordLink.mutate(each.user_id, {
                    onSuccess: (made) => setLink({ ...made, name: each.email ?? displayName(each) }),
                  })
                }
              >
                {operatorTexts.passwordLink}
              </Button>
            </Stack>
          </>
        )}
      </PagedList>
      {link && <LinkDialog link={link} onClose={() => setLink(null)} />}
      <DeleteDialog
        id={removing?.user_id ?? null}
        title={operatorTexts.removeFactorTitle({ name: removing ? displayName(removing) : '' })}
        hint={operatorTexts.removeFactorHint}
        confirm={operatorTexts.removeFactor}
        done={operatorTexts.factorRemoved}
        remove={removeSecondFactor}
        onClose={() => setRemoving(null)}
      />
    </OperatorPage>
  );
}

function Details({ user }: { user: PlatformUser }) {
  const marks = [
    user.is_admin && operatorTexts.operator,
    user.has_second_factor && operatorTexts.secondFactor,
    !user.is_verified && operatorTexts.unverified,
    !user.has_password && operatorTexts.noPassword,
  ].filter((each) => each !== false);
  const roles = user.businesses.map((each) => `${isolated(each.business_name)} (${texts.nav.roles[each.role]})`);
  return (
    <Box sx={{ minWidth: 0, flexGrow: 1 }}>
      <Typography component="div" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
        <bdi>{displayName(user)}</bdi>{' '}
        {marks.map((each) => (
          <Chip key={each} size="small" variant="outlined" label={each} sx={{ mr: 0.5 }} />
        ))}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
        {user.email !== displayName(user) && user.email}
        {user.email !== displayName(user) && user.last_sign_in_at && ' · '}
        {user.last_sign_in_at && (
          <TextWith text={operatorTexts.signedIn} values={{ time: <Time iso={user.last_sign_in_at} /> }} />
        )}
      </Typography>
      <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
        {formatList(roles) || operatorTexts.noBusiness}
      </Typography>
    </Box>
  );
}
