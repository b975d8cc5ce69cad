import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import { type NewCustomer, useCreateCustomer } from '../api/customers';

export function NewCustomerDialog({
  open,
  onClose,
  onCreated,
}: {
  open: boolean;
  onClose: () => void;
  onCreated: (userId: string) => void;
}) {
  const [values, setValues] = useState({ first_name: '', last_name: '', external_id: '' });
  const [checked, setChecked] = useState(false);
  const create = useCreateCustomer();
  const given = Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value),
  ) as NewCustomer;
  const isEmpty = Object.keys(given).length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isEmpty) return;
    create.mutate(given, {
      onSuccess: (userId) => {
        setValues({ first_name: '', last_name: '', external_id: '' });
        setChecked(false);
        onCreated(userId);
      },
    });
  };
  const field = (name: keyof typeof values, label: string) => (
    <TextField
      label={label}
      value={values[name]}
      onChange={(event) => setValues((last) => ({ ...last, [name]: event.target.value }))}
      error={checked && isEmpty && name === 'first_name'}
      helperText={
        checked && isEmpty && name === 'first_name'
          ? texts.chat.nameNeeded
          : name === 'external_id'
            ? texts.chat.externalIdHint
            : null
      }
      autoFocus={name === 'first_name'}
      autoComplete="off"
    />
  );
  return (
    <Dialog open={open} onClose={onClose} aria-labelledby="new-customer" fullWidth maxWidth="xs">
      <form onSubmit={submit} noValidate>
        <DialogTitle id="new-customer">{texts.chat.createCustomer}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <span />
          {field('first_name', texts.chat.firstName)}
          {field('last_name', texts.chat.lastName)}
          {field('external_id', texts.chat.externalId)}
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
