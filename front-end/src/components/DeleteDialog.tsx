import { Typography } from '@mui/material';
import type { UseMutationResult } from '@tanstack/react-query';
import { texts } from '@/config/texts';
import { ConfirmDialog } from './ConfirmDialog';
import { useNotify } from './notify';

interface Props {
  /** The ID of the row; null while none is to be deleted. */
  id: string | null;
  title: string;
  hint: string;
  confirm?: string;
  /** What the notification says afterwards. */
  done?: string;
  /** Called after the row has been deleted. */
  onDeleted?: () => void;
  remove: UseMutationResult<unknown, Error, string>;
  onClose: () => void;
}

/** Asks before a row is deleted, and deletes it. */
export function DeleteDialog({
  id,
  title,
  hint,
  confirm = texts.common.delete,
  done = texts.common.deleted,
  onDeleted,
  remove,
  onClose,
}: Props) {
  const notify = useNotify();
  return (
    <ConfirmDialog
      open={id !== null}
      title={title}
      confirm={confirm}
      danger
      busy={remove.isPending}
      error={remove.error}
      onClose={() => {
        onClose();
        remove.reset();
      }}
      onConfirm={() =>
        remove.mutate(id ?? '', {
          onSuccess: () => {
            onClose();
            notify(done);
            onDeleted?.();
          },
        })
      }
    >
      <Typography>{hint}</Typography>
    </ConfirmDialog>
  );
}
