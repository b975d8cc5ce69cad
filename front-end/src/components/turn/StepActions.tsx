import { Button, Stack } from '@mui/material';
import { type ReactNode, useState } from 'react';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { texts } from '@/config/texts';
import { creatableNames, usePlaceholderNames } from '@/lib/placeholderNames';
import type { TurnDetail, TurnStep } from '@/lib/types';
import { AddIcon } from '../icons';

const VariableDialog = loadWhenOpened(async () => (await import('../VariableDialog')).VariableDialog);
const OtherStageDialog = loadWhenOpened(async () => (await import('./OtherStageDialog')).OtherStageDialog);
const FixedReplyDialog = loadWhenOpened(async () => (await import('./FixedReplyDialog')).FixedReplyDialog);

type Open = { kind: 'stage' } | { kind: 'reply' } | { kind: 'variable'; name: string };

/** What an owner can correct because of a step: the stage of the message, a missing variable, the fixed reply. */
export function StepActions({ step, turn }: { step: TurnStep; turn: TurnDetail }) {
  const names = usePlaceholderNames();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const missing = creatableNames(
    step.variables.filter((each) => each.value === null).map((each) => each.name),
    names,
  );
  const reply = step.output?.['reply'];
  const buttons: ReactNode[] = missing.map((name) => (
    <Button key={name} size="small" startIcon={<AddIcon />} onClick={() => setOpen({ kind: 'variable', name })}>
      {texts.variables.createNamed({ name: `{${name}}` })}
    </Button>
  ));
  if (step.step === 'selection' && turn.message !== null)
    buttons.push(
      <Button key="stage" size="small" onClick={() => setOpen({ kind: 'stage' })}>
        {texts.turn.otherStage}
      </Button>,
    );
  if (step.step === 'response' && turn.stage_id && typeof reply === 'string' && reply)
    buttons.push(
      <Button key="reply" size="small" onClick={() => setOpen({ kind: 'reply' })}>
        {texts.turn.asFixedReply}
      </Button>,
    );
  if (!buttons.length) return null;
  return (
    <>
      <Stack direction="row" useFlexGap spacing={0.5} sx={{ flexWrap: 'wrap', mb: 1, ml: -0.5 }}>
        {buttons}
      </Stack>
      {open?.kind === 'variable' && <VariableDialog variable={null} name={open.name} onClose={close} />}
      {open?.kind === 'stage' && turn.message !== null && (
        <OtherStageDialog message={turn.message} stageId={turn.stage_id} onClose={close} />
      )}
      {open?.kind === 'reply' && turn.stage_id && typeof reply === 'string' && (
        <FixedReplyDialog stageId={turn.stage_id} conversationId={turn.conversation_id} reply={reply} onClose={close} />
      )}
    </>
  );
}
