import { Stack } from '@mui/material';
import { SelectField } from './SelectField';
import { TextField } from './TextField';
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
      <SelectField
        label={importTexts.notify}
        value={value?.field ?? ''}
        onChange={(event) => {
          const field = event.target.value as OrderNotification['field'] | '';
          onChange(field ? { field, text: value?.text ?? importTexts.notifyDefault } : null);
        }}
      >
        <option value="">{importTexts.notifyNothing}</option>
        {Object.entries(importTexts.notifyFields).map(([field, label]) => (
          <option key={field} value={field}>
            {label}
          </option>
        ))}
      </SelectField>
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
