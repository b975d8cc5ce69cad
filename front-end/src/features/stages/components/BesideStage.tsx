import { Stack } from '@mui/material';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import type { StageDetail } from '@/lib/types';
import { TryStage } from './TryStage';

const StageTests = loadWhenOpened(async () => (await import('./StageTests')).StageTests);

interface Props {
  stage: StageDetail;
  /** Whether the stage has changes that are not saved. */
  isDirty: boolean;
  /** Called with the turn of each answer, and with null for a new conversation. */
  onTurn: (turnId: string | null) => void;
}

/** A conversation with the assistant and the tests, beside the form of a stage. On wide windows they stay visible. */
export function BesideStage({ stage, isDirty, onTurn }: Props) {
  return (
    <Stack
      spacing={2.5}
      sx={{
        minWidth: 0,
        position: { lg: 'sticky' },
        top: 16,
        maxHeight: { lg: 'calc(100dvh - 32px)' },
        overflowY: { lg: 'auto' },
      }}
    >
      <TryStage stage={stage} isDirty={isDirty} onTurn={onTurn} />
      <StageTests stage={stage} isDirty={isDirty} />
    </Stack>
  );
}
