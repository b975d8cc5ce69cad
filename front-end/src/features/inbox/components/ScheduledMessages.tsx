import { Box, Button, Stack } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { ClockIcon } from '@/components/icons';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { texts } from '@/config/texts';
import { firstWords } from '@/lib/format';
import { useSession } from '@/lib/session';
import { useCancelScheduled } from '../api/actions';
import { scheduledMessagesQuery } from '../api/inbox';
import { MessageState } from './MessageState';

/** The messages of the assistant that wait for the end of the customer's quiet hours. They can be cancelled. */
export function ScheduledMessages({ conversationId }: { conversationId: string }) {
  const { canSendMessages } = useSession();
  const notify = useNotify();
  const scheduled = useQuery(scheduledMessagesQuery(conversationId));
  const cancel = useCancelScheduled(conversationId);
  const [chosen, setChosen] = useState<string | null>(null);
  const close = () => {
    setChosen(null);
    cancel.reset();
  };
  if (scheduled.error) return <ErrorNotice error={scheduled.error} onRetry={() => void scheduled.refetch()} />;
  return (
    <>
      {scheduled.data?.map((each) => (
        <Box
          key={each.scheduled_message_id}
          component="article"
          data-sender="scheduled"
          sx={{ alignSelf: 'flex-end', maxWidth: { xs: '88%', md: '78%' }, minWidth: 0, pt: 0.75 }}
        >
          <Box
            dir="auto"
            sx={{
              px: 1.75,
              py: 1,
              borderRadius: 1.75,
              border: '1px dashed',
              borderColor: 'divider',
              width: 'fit-content',
              maxWidth: '100%',
              ml: 'auto',
              whiteSpace: 'pre-wrap',
              overflowWrap: 'anywhere',
            }}
          >
            {each.message_content}
          </Box>
          <Stack
            direction="row"
            useFlexGap
            sx={{
              columnGap: 1,
              px: 0.5,
              mt: 0.25,
              flexWrap: 'wrap',
              alignItems: 'center',
              justifyContent: 'flex-end',
              color: 'text.secondary',
              fontSize: '0.75rem',
            }}
          >
            <MessageState icon={<ClockIcon />} title={texts.inbox.scheduled.hint}>
              <TextWith text={texts.inbox.scheduled.sentAt} values={{ time: <Time iso={each.scheduled_for} /> }} />
            </MessageState>
            {canSendMessages && (
              <Button
                size="small"
                aria-label={texts.inbox.scheduled.cancelNamed({ text: firstWords(each.message_content) })}
                onClick={() => setChosen(each.scheduled_message_id)}
                sx={{ minWidth: 0, py: 0, fontSize: 'inherit' }}
              >
                {texts.inbox.scheduled.cancel}
              </Button>
            )}
          </Stack>
        </Box>
      ))}
      <ConfirmDialog
        open={chosen !== null}
        title={texts.inbox.scheduled.confirm}
        confirm={texts.inbox.scheduled.cancel}
        danger
        busy={cancel.isPending}
        error={cancel.error}
        onClose={close}
        onConfirm={() =>
          chosen &&
          cancel.mutate(chosen, {
            onSuccess: () => {
              close();
              notify(texts.inbox.scheduled.cancelled);
            },
          })
        }
      >
        {texts.inbox.scheduled.confirmHint}
      </ConfirmDialog>
    </>
  );
}
