import { useState } from 'react';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { type ApiError, asApiError } from '@/lib/errors';
import { useSession } from '@/lib/session';
import { shortTime } from '@/lib/time';
import { type Answer, useChange, useClose, usePause, useRelease, useResume, useTakeOver } from '../api/actions';
import type { ConversationDetail } from '@/lib/types';

/** The open dialog. `takeOver` continues with a message if a reply was being sent. */
export type OpenDialog =
  { kind: 'handBack' | 'resume' | 'close' | 'snooze' } | { kind: 'takeOver'; name: string; proceed: () => void } | null;

export interface ConversationActions {
  dialog: OpenDialog;
  isBusy: boolean;
  /** The error of the last action, shown in the open dialog or above the composer. */
  error: ApiError | null;
  takeOver: (force?: boolean) => void;
  handBack: () => void;
  resume: () => void;
  answer: (answer: Answer) => void;
  pause: () => void;
  close: () => void;
  confirmClose: () => void;
  chooseSnooze: () => void;
  snooze: (until: string | null) => void;
  assign: (colleague: { user_id: string; name: string } | null) => void;
  setTags: (tags: string[]) => void;
  askToTakeOver: (name: string, proceed: () => void) => void;
  cancel: () => void;
  clearError: () => void;
}

/** The name of the colleague who handles the conversation, if the error says so. Otherwise null. */
export function handlerIn(error: unknown): string | null {
  const { status, message } = asApiError(error);
  return status === 409 ? (/^(.+) is handling this conversation\.$/.exec(message)?.[1] ?? null) : null;
}

/** What staff do with a conversation, with the dialogs that some actions open first. */
export function useConversationActions(detail: ConversationDetail): ConversationActions {
  const id = detail.conversation_id;
  const { me } = useSession();
  const notify = useNotify();
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const takeOver = useTakeOver(id);
  const release = useRelease(id);
  const resume = useResume(id);
  const pause = usePause(id);
  const close = useClose(id);
  const change = useChange(id);

  /** Runs an action, then says what happened. */
  const run = async (action: () => Promise<unknown>, done: string | null, onError?: (error: unknown) => boolean) => {
    setError(null);
    try {
      await action();
      setDialog(null);
      if (done) notify(done);
    } catch (problem) {
      if (!onError?.(problem)) setError(asApiError(problem));
    }
  };
  const open = (next: OpenDialog) => {
    setError(null);
    setDialog(next);
  };
  const askToTakeOver = (name: string, proceed: () => void) => open({ kind: 'takeOver', name, proceed });
  const take = (force = false) =>
    void run(
      () => takeOver.mutateAsync({ force }),
      me.user ? texts.inbox.takenOver : texts.inbox.takenOverUnassigned,
      (problem) => {
        const colleague = handlerIn(problem);
        if (colleague) askToTakeOver(colleague, () => take(true));
        return colleague !== null;
      },
    );
  return {
    dialog,
    error,
    isBusy: [takeOver, release, resume, pause, close, change].some((each) => each.isPending),
    takeOver: take,
    handBack: () => open({ kind: 'handBack' }),
    resume: () => open({ kind: 'resume' }),
    answer: (answer) =>
      void run(() => (dialog?.kind === 'resume' ? resume : release).mutateAsync({ answer }), texts.inbox.handedBack),
    pause: () => void run(() => pause.mutateAsync(undefined), texts.inbox.pausedDone),
    close: () => open({ kind: 'close' }),
    confirmClose: () => void run(() => close.mutateAsync(undefined), texts.inbox.closedDone),
    chooseSnooze: () => open({ kind: 'snooze' }),
    snooze: (until) =>
      void run(
        () => change.mutateAsync({ snoozed_until: until }),
        until ? texts.inbox.snoozedDone({ time: shortTime(until) }) : texts.inbox.unsnoozed,
      ),
    assign: (colleague) =>
      void run(
        () => change.mutateAsync({ assignee_id: colleague?.user_id ?? null }),
        !colleague
          ? texts.inbox.unassignedDone
          : colleague.user_id === me.user?.user_id
            ? texts.inbox.assignedToYouDone
            : texts.inbox.assignedDone({ name: colleague.name }),
      ),
    setTags: (tags) => void run(() => change.mutateAsync({ tags }), null),
    askToTakeOver,
    cancel: () => {
      setDialog(null);
      setError(null);
    },
    clearError: () => setError(null),
  };
}
