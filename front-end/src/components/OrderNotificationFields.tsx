import { MenuItem, Stack, TextField } from '@mui/material';
import { importTexts } from '@/config/texts/imports';
import type { OrderNotification } from '@/lib/types';

/** Which change of an order is told to its customer, and the text. */
export function OrderNotificationFields({
  value,
  onChange,
}: {
  value: OrderNotification | null;
  onChange: (value: OrderNotification | null) => void;
}) {
  return (
    <Stack spacing={2}>
      <TextField
        select
        label={importTexts.notify}
        value={value?.field ?? ''}
        onChange={(event) => {
          const field = event.target.value as OrderNotification['field'] | '';
          onChange(field ? { field, text: value?.text ?? importTexts.notifyDefault } : null);
        }}
      >
        <MenuItem value="">{importTexts.notifyNothing}</MenuItem>
        {Object.entries(importTexts.notifyFields).map(([field, label]) => (
          <MenuItem key={field} value={field}>
            {label}
          </MenuItem>
        ))}
      </TextField>
      {value && (
        <TextField
          multiline
          label={importTexts.notifyText}
          helperText={importTexts.notifyHint}
          value={value.text}
          onChange={(event) => onChange({ ...value, text: event.target.value })}
          slotProps={{ htmlInput: { maxLength: 1000 } }}
        />
      )}
    </Stack>
  );
}
