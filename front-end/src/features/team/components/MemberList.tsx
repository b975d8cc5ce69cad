import { Box, Button, Chip, Paper, Stack, Typography } from '@mui/material';
import { useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { DeleteDialog } from '@/components/DeleteDialog';
import { type PersonalLink } from '@/components/LinkDialog';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { teamTexts } from '@/config/texts/team';
import { useSession } from '@/lib/session';
import type { Member } from '@/lib/types';
import { displayName } from '@/lib/users';
import { ROLES, type Role, useChangeTeam } from '../api/team';

const LinkDialog = loadWhenOpened(async () => (await import('@/components/LinkDialog')).LinkDialog);

/** The members of the business, with their roles. */
export function MemberList({ members }: { members: readonly Member[] }) {
  const { me, business } = useSession();
  const notify = useNotify();
  const { changeRole, inviteAgain, remove } = useChangeTeam(business.business_id);
  const [link, setLink] = useState<PersonalLink | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const [givingUp, setGivingUp] = useState<Role | null>(null); // the user's own next role
  const change = (member: Member, role: Role) =>
    changeRole.mutate(
      { userId: member.user_id, role },
      { onSuccess: () => notify(teamTexts.roleChanged({ name: displayName(member), role })) },
    );
  const own = members.find((each) => each.user_id === me.user?.user_id);
  const error = changeRole.error ?? inviteAgain.error;
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <Paper variant="outlined" component="ul" aria-label={teamTexts.members} sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {members.map((each) => {
          const name = displayName(each);
          return (
            <Stack
              key={each.user_id}
              component="li"
              direction={{ xs: 'column', sm: 'row' }}
              sx={{
                gap: 1,
                px: 2,
                py: 1.5,
                alignItems: { sm: 'center' },
                '& + &': { borderTop: 1, borderColor: 'divider' },
              }}
            >
              <Box sx={{ minWidth: 0, flexGrow: 1 }}>
                <Typography sx={{ overflowWrap: 'anywhere', fontWeight: 600 }}>
                  <bdi>{name}</bdi> {each === own && <Chip size="small" variant="outlined" label={teamTexts.you} />}
                </Typography>
                {each.email !== name && (
                  <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
                    {each.email}
                  </Typography>
                )}
                {!each.has_password && (
                  <Typography variant="body2" color="textSecondary">
                    {teamTexts.notSignedIn}{' '}
                    <Button
                      size="small"
                      aria-label={teamTexts.newLinkFor({ name })}
                      disabled={inviteAgain.isPending}
                      onClick={() =>
                        inviteAgain.mutate(each.user_id, { onSuccess: (made) => setLink({ ...made, name }) })
                      }
                    >
                      {teamTexts.newLink}
                    </Button>
                  </Typography>
                )}
              </Box>
              <Stack direction="row" spacing={1} sx={{ alignItems: 'center' }}>
                <SelectField
                  value={each.role}
                  disabled={changeRole.isPending}
                  onChange={(event) => {
                    const role = event.target.value as Role;
                    if (each === own) setGivingUp(role);
                    else change(each, role);
                  }}
                  ariaLabel={teamTexts.roleOf({ name })}
                  sx={{ width: 130 }}
                >
                  {ROLES.map((role) => (
                    <option key={role} value={role}>
                      {teamTexts.roles[role]}
                    </option>
                  ))}
                </SelectField>
                <Button
                  color="error"
                  aria-label={teamTexts.removeOf({ name })}
                  onClick={() => setRemoving(each)}
                  disabled={each === own}
                >
                  {teamTexts.remove}
                </Button>
              </Stack>
            </Stack>
          );
        })}
      </Paper>
      {link && <LinkDialog link={link} onClose={() => setLink(null)} />}
      <ConfirmDialog
        open={givingUp !== null}
        title={teamTexts.ownRoleTitle}
        confirm={teamTexts.ownRoleConfirm}
        danger
        onClose={() => setGivingUp(null)}
        onConfirm={() => {
          if (own && givingUp) change(own, givingUp);
          setGivingUp(null);
        }}
      >
        <Typography>{teamTexts.ownRoleBody}</Typography>
      </ConfirmDialog>
      <DeleteDialog
        id={removing?.user_id ?? null}
        title={teamTexts.removeTitle({ name: removing ? displayName(removing) : '' })}
        hint={teamTexts.removeHint}
        confirm={teamTexts.remove}
        done={teamTexts.removed({ name: removing ? displayName(removing) : '' })}
        remove={remove}
        onClose={() => setRemoving(null)}
      />
    </>
  );
}
