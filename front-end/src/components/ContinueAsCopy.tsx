import { Button } from '@mui/material';
import { useNavigate } from 'react-router';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useCopyConversation } from '@/lib/copies';
import { CopyIcon } from './icons';
import { ErrorNotice } from './states';

/** Copies a conversation for a test customer, and opens the copy in the playground. */
export function ContinueAsCopy({
  conversationId,
  variant = 'outlined',
}: {
  conversationId: string;
  variant?: 'outlined' | 'contained' | 'text';
}) {
  const navigate = useNavigate();
  const copy = useCopyConversation();
  return (
    <>
      <Button
        variant={variant}
        startIcon={<CopyIcon />}
        loading={copy.isPending}
        title={texts.chat.copyHint}
        onClick={() =>
          copy.mutate(
            { conversationId },
            { onSuccess: (made) => void navigate(paths.chatWith(made.user_id, made.conversation_id)) },
          )
        }
      >
        {texts.chat.continueAsCopy}
      </Button>
      {copy.error && <ErrorNotice error={copy.error} onClose={copy.reset} />}
    </>
  );
}
