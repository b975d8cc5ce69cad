import { Box, Button, Paper, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { type PersonalLink } from '@/components/LinkDialog';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { ErrorNotice } from '@/components/states';
import { teamTexts } from '@/config/texts/team';
import { useNow } from '@/lib/useNow';
import { useSession } from '@/lib/session';
import type { MemberInvitation } from '@/lib/types';
import { useChangeTeam } from '../api/team';

const LinkDialog = loadWhenOpened(async () => (await import('@/components/LinkDialog')).LinkDialog);

/** Invitations that nobody has accepted yet. */
export function InvitationList({ invitations }: { invitations: readonly MemberInvitation[] }) {
  const { business } = useSession();
  const { invite, revoke } = useChangeTeam(business.business_id);
  const now = useNow();
  const [link, setLink] = useState<PersonalLink | null>(null);
  const [revoking, setRevoking] = useState<MemberInvitation | null>(null);
  const inviteAgain = ({ email, first_name, last_name, role }: MemberInvitation) =>
    invite.mutate(
      { email, first_name: first_name || email, last_name: last_name || email, role },
      { onSuccess: ({ invitation }) => invitation && setLink({ ...invitation, name: email }) },
    );
  return (
    <Stack component="section" spacing={1} aria-label={teamTexts.invitations}>
      <Typography variant="h2">{teamTexts.invitations}</Typography>
      <Typography variant="body2" color="textSecondary">
        {teamTexts.invitationsHint}
      </Typography>
      {invite.error && <ErrorNotice error={invite.error} />}
      <Paper
        variant="outlined"
        component="ul"
        aria-label={teamTexts.invitations}
        sx={{ listStyle: 'none', m: 0, p: 0 }}
      >
        {invitations.map((each) => (
          <Stack
            key={each.invitation_id}
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
              <Typography sx={{ overflowWrap: 'anywhere' }}>
                <bdi>{each.email}</bdi>
              </Typography>
              <Typography variant="body2" color="textSecondary">
                {teamTexts.roles[each.role]} ·{' '}
                {Date.parse(each.expires_at) > now ? (
                  <TextWith text={teamTexts.expires} values={{ time: <Time iso={each.expires_at} full /> }} />
                ) : (
                  teamTexts.expired
                )}
              </Typography>
            </Box>
            <Stack direction="row" spacing={1}>
              <Button
                aria-label={teamTexts.newLinkFor({ name: each.email })}
                disabled={invite.isPending}
                onClick={() => inviteAgain(each)}
              >
                {teamTexts.newLink}
              </Button>
              <Button
                color="error"
                aria-label={teamTexts.revokeOf({ email: each.email })}
                onClick={() => setRevoking(each)}
              >
                {teamTexts.revoke}
              </Button>
            </Stack>
          </Stack>
        ))}
      </Paper>
      {link && <LinkDialog link={link} onClose={() => setLink(null)} />}
      <DeleteDialog
        id={revoking?.invitation_id ?? null}
        title={teamTexts.revokeTitle({ email: revoking?.email ?? '' })}
        hint={teamTexts.revokeHint}
        confirm={teamTexts.revoke}
        done={teamTexts.revoked}
        remove={revoke}
        onClose={() => setRevoking(null)}
      />
    </Stack>
  );
}
