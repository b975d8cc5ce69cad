import { Button, Dialog, DialogActions, DialogContent, DialogTitle, Typography } from '@mui/material';
import { type FormEvent, useId, useState } from 'react';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { FormDialog } from '@/components/FormDialog';
import { ErrorNotice } from '@/components/states';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import type { Held } from '../api/heldMessages';
import type { ConversationActions } from './useConversationActions';

/** The dialogs of a conversation, of which at most one is open. */
export function ConversationDialogs({ actions, held }: { actions: ConversationActions; held: Held }) {
  const { dialog } = actions;
  return (
    <>
      {dialog?.kind === 'takeOver' && (
        <ConfirmDialog
          open
          title={texts.inbox.takeOverDialog({ name: dialog.name })}
          confirm={texts.inbox.takeOverAnyway}
          busy={actions.isBusy}
          error={actions.error}
          onConfirm={() => {
            actions.cancel();
            dialog.proceed();
          }}
          onClose={actions.cancel}
        >
          <Typography>{texts.inbox.takeOverDialogBody}</Typography>
        </ConfirmDialog>
      )}
      {dialog?.kind === 'close' && (
        <ConfirmDialog
          open
          title={texts.inbox.closeDialog}
          confirm={texts.inbox.close}
          busy={actions.isBusy}
          error={actions.error}
          onConfirm={actions.confirmClose}
          onClose={actions.cancel}
        >
          <Typography>{texts.inbox.closeDialogBody}</Typography>
        </ConfirmDialog>
      )}
      {(dialog?.kind === 'handBack' || dialog?.kind === 'resume') && (
        <HandBackDialog kind={dialog.kind} actions={actions} held={held} />
      )}
      {dialog?.kind === 'snooze' && <SnoozeDialog actions={actions} />}
    </>
  );
}

interface HandBackProps {
  kind: 'handBack' | 'resume';
  actions: ConversationActions;
  held: Held;
}

function HandBackDialog({ kind, actions, held }: HandBackProps) {
  const id = useId();
  const isEmpty = held.all === 0;
  return (
    <Dialog open onClose={actions.cancel} aria-labelledby={id} maxWidth="xs" fullWidth>
      <DialogTitle id={id}>{kind === 'resume' ? texts.inbox.resumeDialog : texts.inbox.handBackDialog}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography>{isEmpty ? texts.inbox.handBackNothing : texts.inbox.handBackBody}</Typography>
        {!isEmpty && (
          <>
            <Choice
              title={texts.inbox.answerLast}
              hint={held.unanswered ? texts.inbox.answerLastHint({ n: held.unanswered }) : texts.inbox.answerAgainHint}
              isFirst={held.unanswered > 0}
              disabled={actions.isBusy}
              onClick={() => actions.answer('last')}
            />
            <Choice
              title={texts.inbox.answerNone}
              hint={texts.inbox.answerNoneHint}
              isFirst={held.unanswered === 0}
              disabled={actions.isBusy}
              onClick={() => actions.answer('none')}
            />
          </>
        )}
        {actions.error && <ErrorNotice error={actions.error} />}
      </DialogContent>
      <DialogActions>
        <Button onClick={actions.cancel}>{texts.common.cancel}</Button>
        {isEmpty && (
          <Button
            variant="contained"
            autoFocus
            disabled={actions.isBusy}
            onClick={() => actions.answer('last')} // also answers what the customer has written in the last second
          >
            {kind === 'resume' ? texts.inbox.resume : texts.inbox.handBack}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

interface ChoiceProps {
  title: string;
  hint: string;
  isFirst: boolean;
  disabled: boolean;
  onClick: () => void;
}

function Choice({ title, hint, isFirst, disabled, onClick }: ChoiceProps) {
  return (
    <Button
      variant="outlined"
      autoFocus={isFirst}
      disabled={disabled}
      onClick={onClick}
      sx={{ display: 'block', textAlign: 'left', py: 1.25 }}
    >
      {title}{' '}
      <Typography variant="body2" color="textSecondary" component="span" sx={{ display: 'block' }}>
        {hint}
      </Typography>
    </Button>
  );
}

function SnoozeDialog({ actions }: { actions: ConversationActions }) {
  const [value, setValue] = useState('');
  const [isPast, setIsPast] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const time = new Date(value);
    const isFuture = time.getTime() > Date.now();
    setIsPast(!isFuture);
    if (isFuture) actions.snooze(time.toISOString());
    return Promise.resolve();
  };
  return (
    <FormDialog
      title={texts.inbox.snooze}
      submitLabel={texts.inbox.snooze}
      busy={actions.isBusy}
      error={actions.error}
      onSubmit={submit}
      onClose={actions.cancel}
    >
      <TextField
        type="datetime-local"
        label={texts.inbox.snoozeTime}
        value={value}
        autoFocus
        error={isPast}
        helperText={isPast ? texts.inbox.snoozeInPast : ' '}
        onChange={(event) => setValue(event.target.value)}
        slotProps={{ inputLabel: { shrink: true } }}
      />
    </FormDialog>
  );
}
