import { Alert, Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '@/components/Page';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { teamTexts } from '@/config/texts/team';
import { useSession } from '@/lib/session';
import { invitationsQuery, membersQuery } from '../api/team';
import { InvitationList } from '../components/InvitationList';
import { MemberList } from '../components/MemberList';

const InviteDialog = loadWhenOpened(async () => (await import('../components/InviteDialog')).InviteDialog);

export default function TeamPage() {
  const { me, business, canEdit } = useSession();
  const isAllowed = canEdit && me.kind === 'login';
  const members = useQuery({ ...membersQuery(business.business_id), enabled: isAllowed });
  const invitations = useQuery({ ...invitationsQuery(business.business_id), enabled: isAllowed });
  const [inviting, setInviting] = useState(false);
  return (
    <Page
      title={teamTexts.title}
      description={teamTexts.description}
      actions={
        isAllowed && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setInviting(true)}>
            {teamTexts.invite}
          </Button>
        )
      }
    >
      {isAllowed ? (
        <>
          <QueryView query={members}>{(rows) => <MemberList members={rows} />}</QueryView>
          <QueryView query={invitations}>
            {(rows) => rows.length > 0 && <InvitationList invitations={rows} />}
          </QueryView>
        </>
      ) : (
        <Alert severity="info" role="note">
          {canEdit ? teamTexts.needsLogin : texts.common.readOnly}
        </Alert>
      )}
      {inviting && <InviteDialog businessId={business.business_id} onClose={() => setInviting(false)} />}
    </Page>
  );
}
