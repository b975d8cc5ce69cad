import { Button, Dialog, DialogActions, DialogContent, DialogTitle } from '@mui/material';
import { useForm } from 'react-hook-form';
import { FormTextField } from '@/components/FormTextField';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { useCreateCustomer } from '../api/customers';

interface Props {
  open: boolean;
  onClose: () => void;
  onCreated: (userId: string) => void;
}

export function NewCustomerDialog({ open, onClose, onCreated }: Props) {
  const { control, handleSubmit, reset } = useForm({
    defaultValues: { first_name: '', last_name: '', external_id: '' },
  });
  const create = useCreateCustomer();
  const submit = handleSubmit((values) => {
    const entries = Object.entries(values).map(([name, value]) => [name, value.trim()]);
    create.mutate(Object.fromEntries(entries.filter(([, value]) => value)), {
      onSuccess: (userId) => {
        reset();
        onCreated(userId);
      },
    });
  });
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="new-customer" fullWidth maxWidth="xs">
      <form onSubmit={(event) => void submit(event)} noValidate>
        <DialogTitle id="new-customer">{texts.chat.createCustomer}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <span />
          <FormTextField
            control={control}
            name="first_name"
            label={texts.chat.firstName}
            autoFocus
            autoComplete="off"
            rules={{
              validate: (_, values) => Object.values(values).some((value) => value.trim()) || texts.chat.nameNeeded,
            }}
          />
          <FormTextField
            control={control}
            name="last_name"
            label={texts.chat.lastName}
            autoComplete="off"
            rules={{ deps: ['first_name'] }}
          />
          <FormTextField
            control={control}
            name="external_id"
            label={texts.chat.externalId}
            helperText={texts.chat.externalIdHint}
            autoComplete="off"
            rules={{ deps: ['first_name'] }}
          />
          {create.error && <ErrorNotice error={create.error} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button type="submit" variant="contained" disabled={create.isPending}>
            {texts.common.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
