import { IconButton } from '@mui/material';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useNotify } from '@/components/notify';
import { MoreIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Menu, MenuItem } from '@/components/overlays';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useChangeStages, useEditStage } from '@/lib/stages';
import type { Stage } from '@/lib/types';

const ErrorDialog = loadWhenOpened(async () => (await import('@/components/ErrorDialog')).ErrorDialog);
const DeleteStageDialog = loadWhenOpened(async () => (await import('./DeleteStageDialog')).DeleteStageDialog);

interface Props {
  stage: Stage;
  /** Whether the stage can be switched on or off now. */
  canSwitch?: boolean;
  onDeleted?: () => void;
}

/** What can be done with a stage as a whole: copy, switch on or off, delete. */
export function StageMenu({ stage, canSwitch = true, onDeleted }: Props) {
  const notify = useNotify();
  const navigate = useNavigate();
  const { duplicate } = useChangeStages();
  const edit = useEditStage();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [isDeleting, setIsDeleting] = useState(false);
  const error = duplicate.error ?? edit.error;
  const run = (action: () => void) => () => {
    setAnchor(null);
    action();
  };
  return (
    <>
      <IconButton
        aria-label={texts.stages.menuOf({ name: stage.stage_name })}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem
          disabled={duplicate.isPending}
          onClick={run(() =>
            duplicate.mutate(stage.stage_id, {
              onSuccess: (copyId) => {
                notify(texts.stages.duplicated);
                void navigate(paths.stage(copyId));
              },
            }),
          )}
        >
          {texts.stages.duplicate}
        </MenuItem>
        <MenuItem
          disabled={edit.isPending || !canSwitch}
          onClick={run(() =>
            edit.mutate(
              { stageId: stage.stage_id, change: () => ({ is_active: !stage.is_active }) },
              {
                onSuccess: () =>
                  notify((stage.is_active ? texts.stages.disabled : texts.stages.enabled)({ name: stage.stage_name })),
              },
            ),
          )}
        >
          {stage.is_active ? texts.stages.disable : texts.stages.enable}
        </MenuItem>
        <MenuItem onClick={run(() => setIsDeleting(true))} sx={{ color: 'error.main' }}>
          {texts.common.delete}
        </MenuItem>
      </Menu>
      <DeleteStageDialog
        stageId={stage.stage_id}
        open={isDeleting}
        onClose={() => setIsDeleting(false)}
        onDeleted={() => {
          setIsDeleting(false);
          onDeleted?.();
        }}
      />
      <ErrorDialog
        open={Boolean(error)}
        error={error}
        onClose={() => {
          duplicate.reset();
          edit.reset();
        }}
      />
    </>
  );
}
