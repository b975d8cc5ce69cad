import { Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { ConfirmDialog } from '@/components/ConfirmDialog';
import { useNotify } from '@/components/notify';
import { texts } from '@/config/texts';
import { ApiError } from '@/lib/errors';
import { stagesQuery } from '@/lib/queries';
import { useChangeStages } from '@/lib/stages';

/** Deletes a stage. If conversations are in it, asks for the stage to move them to. */
export function DeleteStageDialog({
  stageId,
  open,
  onClose,
  onDeleted,
}: {
  stageId: string;
  open: boolean;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const notify = useNotify();
  const { remove } = useChangeStages();
  const stages = useQuery(stagesQuery());
  const [target, setTarget] = useState('');
  const others = stages.data?.filter((each) => each.stage_id !== stageId) ?? [];
  const hasConversations = remove.error instanceof ApiError && remove.error.status === 409;
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      title={texts.stages.delete}
      confirm={texts.common.delete}
      danger
      busy={remove.isPending || (hasConversations && !target)}
      error={hasConversations && others.length ? null : remove.error}
      onClose={close}
      onConfirm={() =>
        remove.mutate(
          { stageId, reassignTo: target || null },
          {
            onSuccess: () => {
              notify(texts.common.deleted);
              onDeleted();
            },
          },
        )
      }
    >
      <Typography>
        {hasConversations && others.length ? texts.stages.deleteReassign : texts.stages.deleteHint}
      </Typography>
      {hasConversations && others.length > 0 && (
        <SelectField label={texts.stages.reassign} value={target} onChange={(event) => setTarget(event.target.value)}>
          {others.map((each) => (
            <option key={each.stage_id} value={each.stage_id}>
              {each.stage_name}
            </option>
          ))}
        </SelectField>
      )}
    </ConfirmDialog>
  );
}
