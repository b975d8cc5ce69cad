import { Box, Button, Chip, Paper, Stack, Typography } from '@mui/material';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { useNotify } from '@/components/notify';
import { ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import { securityTexts } from '@/config/texts/security';
import { useSession } from '@/lib/session';
import type { LoginSession } from '@/lib/types';
import { parseUserAgent } from '@/lib/userAgent';
import { revokeSession, sessionsQuery } from '../api/sessions';
import { Section } from './Section';

const own = securityTexts.sessions;

/** The user's own logins, or the pages that are connected with the business key. */
export function SessionsSection() {
  const { me } = useSession();
  const sessions = useQuery(sessionsQuery());
  const [revoking, setRevoking] = useState<LoginSession | null>(null);
  return (
    <Section title={own.title} hint={me.kind === 'login' ? own.ofUser : own.ofKey}>
      {sessions.error ? (
        <ErrorNotice title={texts.errors.title} error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : !sessions.data ? (
        <Loading />
      ) : (
        <Paper variant="outlined" component="ul" aria-label={own.title} sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {sessions.data.toReversed().map((each) => (
            <Stack
              key={each.session_id}
              component="li"
              direction={{ xs: 'column', sm: 'row' }}
              sx={{
                gap: 1,
                px: 2,
                py: 1.5,
                alignItems: { xs: 'flex-start', sm: 'center' },
                '& + &': { borderTop: 1, borderColor: 'divider' },
              }}
            >
              <Box sx={{ minWidth: 0, flexGrow: 1 }}>
                <Typography sx={{ overflowWrap: 'anywhere' }} title={each.user_agent ?? undefined}>
                  {clientOf(each)}
                </Typography>
                <Typography variant="body2" color="textSecondary">
                  <TextWith text={own.started} values={{ time: <Time iso={each.created_at} full /> }} /> ·{' '}
                  <TextWith text={own.ends} values={{ time: <Time iso={each.expires_at} full /> }} />
                </Typography>
              </Box>
              {each.is_current ? (
                <Chip size="small" label={own.current} />
              ) : (
                <Button color="error" onClick={() => setRevoking(each)}>
                  {texts.nav.signOut}
                </Button>
              )}
            </Stack>
          ))}
        </Paper>
      )}
      <RevokeDialog session={revoking} onClose={() => setRevoking(null)} />
    </Section>
  );
}

/** The browser, or what another client calls itself. */
function clientOf({ user_agent }: LoginSession): string {
  if (!user_agent) return texts.common.unknown;
  const parsed = parseUserAgent(user_agent);
  return parsed ? own.browser({ name: parsed.browser, system: parsed.system }) : user_agent;
}

function RevokeDialog({ session, onClose }: { session: LoginSession | null; onClose: () => void }) {
  const queryClient = useQueryClient();
  const notify = useNotify();
  const revoke = useMutation({
    mutationFn: revokeSession,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: sessionsQuery().queryKey });
      notify(own.revoked);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      open={session !== null}
      title={own.confirmTitle}
      confirm={texts.nav.signOut}
      danger
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => session && revoke.mutate(session.session_id)}
      onClose={onClose}
    >
      <Typography>{own.confirmBody}</Typography>
    </ConfirmDialog>
  );
}
