import { Button } from '@mui/material';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { DoneIcon, ClockIcon, WarningIcon } from '@/components/icons';
import { useNotify } from '@/components/notify';
import { deliveryTexts } from '@/config/texts/channels';
import { useSession } from '@/lib/session';
import type { Message, MessageDelivery } from '@/lib/types';
import { useResend } from '../api/actions';
import { MessageState } from './MessageState';

/** How far a message has got to the customer of a channel, and how to send it again if it has not. */
export function DeliveryState({ message, delivery }: { message: Message; delivery: MessageDelivery }) {
  const { canSendMessages } = useSession();
  const notify = useNotify();
  const resend = useResend();
  const [isAsking, setIsAsking] = useState(false);
  const { status } = delivery;
  const isOpen = status === 'failed' || status === 'unknown';
  const send = () =>
    resend.mutate(message, {
      onSuccess: () => {
        setIsAsking(false);
        notify(deliveryTexts.resent);
      },
    });
  return (
    <>
      <MessageState
        icon={isOpen ? <WarningIcon /> : status === 'pending' ? <ClockIcon /> : <DoneIcon />}
        color={status === 'failed' ? 'error.main' : status === 'unknown' ? 'warning.main' : undefined}
        title={status === 'unknown' ? deliveryTexts.unknownHint : undefined}
      >
        {textOf(delivery)}
      </MessageState>
      {isOpen && canSendMessages && (
        <Button
          size="small"
          onClick={() => (status === 'unknown' ? setIsAsking(true) : send())}
          disabled={resend.isPending}
          sx={{ minWidth: 0, py: 0, fontSize: 'inherit' }}
        >
          {deliveryTexts.resend}
        </Button>
      )}
      {resend.error && !isAsking && <span role="alert">{deliveryTexts.resendFailed}</span>}
      <ConfirmDialog
        open={isAsking}
        title={deliveryTexts.resendTitle}
        confirm={deliveryTexts.resend}
        busy={resend.isPending}
        error={resend.error}
        onClose={() => setIsAsking(false)}
        onConfirm={send}
      >
        {deliveryTexts.unknownHint}
      </ConfirmDialog>
    </>
  );
}

function textOf(delivery: MessageDelivery): string {
  const { status, error, attempts, parts, parts_sent: sent } = delivery;
  const text =
    status === 'failed' && error
      ? deliveryTexts.failedWith({ error })
      : status === 'pending' && attempts > 0 && error
        ? deliveryTexts.retrying({ error })
        : (deliveryTexts.statuses[status] ?? status);
  return parts > 1 && sent < parts ? deliveryTexts.parts({ text, sent, all: parts }) : text;
}
