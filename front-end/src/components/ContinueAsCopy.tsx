import { Button } from '@mui/material';
import { useNavigate } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useCopyConversation } from '@/lib/copies';
import { asApiError } from '@/lib/errors';
import { CopyIcon } from './icons';
import { useNotify } from './notify';
import { MenuItem } from './overlays';

/** Copies a conversation for a test customer, and opens the copy in the playground. */
function useContinueAsCopy(conversationId: string) {
  const navigate = useNavigate();
  const notify = useNotify();
  const { mutate, isPending } = useCopyConversation();
  const start = () =>
    mutate(
      { conversationId },
      {
        onSuccess: (made) => void navigate(paths.chatWith(made.user_id, made.conversation_id)),
        onError: (error) => notify(asApiError(error).message),
      },
    );
  return { start, isPending };
}

export function ContinueAsCopy({ conversationId }: { conversationId: string }) {
  const { start, isPending } = useContinueAsCopy(conversationId);
  return (
    <Button
      variant="outlined"
      startIcon={<CopyIcon />}
      loading={isPending}
      title={texts.chat.copyHint}
      onClick={start}
      sx={{ whiteSpace: 'nowrap' }}
    >
      {texts.chat.continueAsCopy}
    </Button>
  );
}

/** The same in a menu, which stays open until the copy is there. */
export function ContinueAsCopyItem({ conversationId }: { conversationId: string }) {
  const { start, isPending } = useContinueAsCopy(conversationId);
  return (
    <MenuItem disabled={isPending} onClick={start}>
      {texts.chat.continueAsCopy}
    </MenuItem>
  );
}
