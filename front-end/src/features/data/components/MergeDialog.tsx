import { Alert, Typography } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { FormDialog } from '@/components/FormDialog';
import { useNotify } from '@/components/notify';
import { customerTexts } from '@/config/texts/data';
import type { User } from '@/lib/types';
import { displayName } from '@/lib/users';
import { useChangeCustomers } from '../api/customers';
import { CustomerPicker } from './CustomerPicker';

/** Merges another customer into this one. */
export function MergeDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const notify = useNotify();
  const { merge } = useChangeCustomers();
  const [other, setOther] = useState<User | null>(null);
  const [isMissing, setMissing] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setMissing(!other);
    if (!other) return;
    const onMerged = () => {
      notify(customerTexts.merged);
      onClose();
    };
    await merge.mutateAsync({ userId: user.user_id, otherId: other.user_id }).then(onMerged, () => undefined);
  };
  return (
    <FormDialog
      title={customerTexts.mergeTitle({ name: displayName(user) })}
      submitLabel={customerTexts.mergeConfirm}
      maxWidth="sm"
      busy={merge.isPending}
      error={merge.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography>{customerTexts.mergeHint}</Typography>
      <CustomerPicker
        label={customerTexts.mergeOther}
        value={other}
        except={user.user_id}
        error={isMissing && !other ? customerTexts.mergeMissing : undefined}
        onChange={setOther}
      />
      {other?.external_id && user.external_id && (
        <Alert severity="warning" role="note">
          {customerTexts.mergeIdLost({ id: other.external_id })}
        </Alert>
      )}
    </FormDialog>
  );
}
