import { Button } from '@mui/material';
import { useNotify } from '@/components/notify';
import { MenuItem } from '@/components/overlays';
import { feedbackTexts } from '@/config/texts/feedback';
import { testCasesTexts } from '@/config/texts/testCases';
import { asApiError } from '@/lib/errors';
import { useCreateTestCase } from '@/lib/testCases';

interface Props {
  conversationId: string;
  /** Without a turn, the whole conversation becomes a test case. */
  turnId?: string;
}

/** Makes a conversation a test case with one click. */
function useCreate({ conversationId, turnId }: Props) {
  const notify = useNotify();
  const { mutate, isPending } = useCreateTestCase();
  const create = () =>
    mutate(
      { conversation_id: conversationId, ...(turnId ? { turn_id: turnId } : {}) },
      {
        onSuccess: () => notify(feedbackTexts.createdCase),
        onError: (error) => notify(asApiError(error).message),
      },
    );
  return { create, isPending };
}

export function CreateTestCase(props: Props) {
  const { create, isPending } = useCreate(props);
  return (
    <Button
      size={props.turnId ? 'small' : 'medium'}
      variant={props.turnId ? 'text' : 'outlined'}
      loading={isPending}
      onClick={create}
      sx={{ whiteSpace: 'nowrap' }}
    >
      {props.turnId ? testCasesTexts.createUpTo : feedbackTexts.createCase}
    </Button>
  );
}

/** The same in a menu, which stays open until the test case is there. */
export function CreateTestCaseItem(props: Props) {
  const { create, isPending } = useCreate(props);
  return (
    <MenuItem disabled={isPending} onClick={create}>
      {feedbackTexts.createCase}
    </MenuItem>
  );
}
