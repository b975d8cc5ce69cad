import { Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { SelectField } from '@/components/SelectField';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { assigneesQuery } from '@/lib/queries';
import type { ConversationDetail } from '@/lib/types';
import type { ConversationActions } from './useConversationActions';

/** Shows who a conversation is assigned to, and changes it. */
export function AssigneeField({
  detail,
  actions,
}: {
  detail: ConversationDetail;
  actions: ConversationActions | null;
}) {
  const { me } = useSession();
  const assignees = useQuery({ ...assigneesQuery(), enabled: actions !== null });
  const current = detail.assignee_id ?? '';
  const nameOf = (id: string, name: string) => (id === me.user?.user_id ? texts.inbox.nameAndYou({ name }) : name);
  if (!actions) {
    return (
      <Typography variant="body2">
        <bdi>{detail.assignee_name ?? texts.inbox.unassigned}</bdi>
      </Typography>
    );
  }
  if (assignees.error) return <ErrorNotice error={assignees.error} onRetry={() => void assignees.refetch()} />;
  const rows = assignees.data ?? [];
  return (
    <SelectField
      value={current}
      disabled={actions.isBusy || assignees.isPending}
      onChange={(event) => actions.assign(rows.find((each) => each.user_id === event.target.value) ?? null)}
      ariaLabel={texts.inbox.assignee}
    >
      <option value="">{texts.inbox.unassigned}</option>
      {current && !rows.some((each) => each.user_id === current) && (
        <option value={current}>{detail.assignee_name ?? texts.inbox.unnamedColleague}</option>
      )}
      {rows.map((each) => (
        <option key={each.user_id} value={each.user_id} dir="auto">
          {nameOf(each.user_id, each.name)}
        </option>
      ))}
    </SelectField>
  );
}
