import { Typography } from '@mui/material';
import { useState } from 'react';
import { useForm } from '@/lib/form';
import { FormDialog } from '@/components/FormDialog';
import { FormSelectField } from '@/components/FormSelectField';
import { FormTextField, notBlank } from '@/components/FormTextField';
import { LinkDialog, type PersonalLink } from '@/components/LinkDialog';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { teamTexts } from '@/config/texts/team';
import type { MemberCreate } from '@/lib/types';
import { ROLES, type Role, useChangeTeam } from '../api/team';

/** Invites an address, and shows the link that the person who invites sends to it. */
export function InviteDialog({ businessId, onClose }: { businessId: string; onClose: () => void }) {
  const notify = useNotify();
  const { invite } = useChangeTeam(businessId);
  const [link, setLink] = useState<PersonalLink | null>(null);
  const { control, values, handleSubmit } = useForm({
    defaultValues: { email: '', firstName: '', lastName: '', role: 'agent' as Role },
  });
  const submit = handleSubmit(({ email, firstName, lastName, role }) => {
    const body: MemberCreate = {
      email: email.trim(),
      first_name: firstName.trim(),
      ...(lastName.trim() ? { last_name: lastName.trim() } : {}),
      role,
    };
    invite.mutate(body, {
      onSuccess: ({ invitation }) => {
        if (invitation) return setLink({ ...invitation, name: body.email ?? '' });
        notify(teamTexts.added({ name: email.trim() }));
        onClose();
      },
    });
  });
  if (link) return <LinkDialog link={link} onClose={onClose} />;
  return (
    <FormDialog
      title={teamTexts.inviteTitle}
      submitLabel={teamTexts.create}
      maxWidth="sm"
      busy={invite.isPending}
      error={invite.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <FormTextField
        control={control}
        name="email"
        type="email"
        autoFocus
        autoComplete="off"
        label={teamTexts.email}
        validate={notBlank(teamTexts.emailNeeded)}
      />
      <FormTextField
        control={control}
        name="firstName"
        autoComplete="off"
        label={teamTexts.firstName}
        helperText={teamTexts.nameHint}
        validate={notBlank(teamTexts.nameNeeded)}
      />
      <FormTextField
        control={control}
        name="lastName"
        autoComplete="off"
        label={teamTexts.lastName}
        helperText={texts.common.optional}
      />
      <FormSelectField control={control} name="role" label={teamTexts.role}>
        {ROLES.map((each) => (
          <option key={each} value={each}>
            {teamTexts.roles[each]}
          </option>
        ))}
      </FormSelectField>
      <Typography variant="body2" color="textSecondary">
        {teamTexts.roleHints[values.role]}
      </Typography>
    </FormDialog>
  );
}
