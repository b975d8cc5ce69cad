import { Button, Dialog, DialogActions, DialogContent, DialogTitle, TextField } from '@mui/material';
import { type FormEvent, useState } from 'react';
import { useNotify } from '@/components/notify';
import { ErrorNotice } from '@/components/states';
import { texts } from '@/config/texts';
import type { Variable } from '@/lib/types';
import { useChangeVariables } from '../api/variables';

export function VariableDialog({ variable, onClose }: { variable: Variable | null; onClose: () => void }) {
  const notify = useNotify();
  const { save } = useChangeVariables();
  const [name, setName] = useState(variable?.name ?? '');
  const [value, setValue] = useState(variable?.value ?? '');
  const [description, setDescription] = useState(variable?.description ?? '');
  const [checked, setChecked] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (!name.trim()) return;
    save.mutate(
      {
        variableId: variable?.variable_id ?? null,
        values: { name: name.trim(), value, description: description.trim() || null },
      },
      {
        onSuccess: () => {
          notify(texts.common.saved);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="variable-title" fullWidth maxWidth="sm">
      <form onSubmit={submit} noValidate>
        <DialogTitle id="variable-title">
          {variable ? texts.variables.edit(variable.name) : texts.variables.new}
        </DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          <span />
          <TextField
            autoFocus
            label={texts.common.name}
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={checked && !name.trim()}
            helperText={checked && !name.trim() ? texts.variables.nameNeeded : texts.variables.nameHint}
            slotProps={{ htmlInput: { maxLength: 100 } }}
          />
          <TextField
            multiline
            minRows={3}
            maxRows={12}
            label={texts.variables.value}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 20_000 } }}
          />
          <TextField
            label={texts.common.description}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
            helperText={texts.common.optional}
            slotProps={{ htmlInput: { maxLength: 2000 } }}
          />
          {save.error && <ErrorNotice error={save.error} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{texts.common.cancel}</Button>
          <Button type="submit" variant="contained" disabled={save.isPending}>
            {texts.common.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
