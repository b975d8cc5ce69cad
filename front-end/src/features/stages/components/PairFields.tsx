import { Box, Button, FormHelperText, IconButton, Stack, TextField, Typography } from '@mui/material';
import { useId, useState } from 'react';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { apiCalls } from '@/config/texts/apiCalls';

interface Props {
  title: string;
  hint: string;
  nameLabel: string;
  valueLabel: string;
  add: string;
  value: Readonly<Record<string, string>>;
  onChange: (value: Record<string, string>) => void;
}

/** Rows of a name and a text. Rows without a name are not part of the value. */
export function PairFields({ title, hint, nameLabel, valueLabel, add, value, onChange }: Props) {
  const id = useId();
  const [rows, setRows] = useState(() => Object.entries(value));
  const change = (next: [string, string][]) => {
    setRows(next);
    onChange(Object.fromEntries(next.filter(([name]) => name.trim()).map(([name, text]) => [name.trim(), text])));
  };
  const isRepeated = (name: string) => rows.filter((row) => row[0].trim() === name.trim()).length > 1;
  return (
    <Stack role="group" aria-labelledby={id} spacing={1}>
      <div>
        <Typography variant="overline" component="h3" id={id}>
          {title}
        </Typography>
        <FormHelperText sx={{ mt: 0 }}>{hint}</FormHelperText>
      </div>
      {rows.map(([name, text], index) => (
        <Box
          // eslint-disable-next-line react/no-array-index-key -- the rows have no ID, and names change while typing
          key={index}
          sx={{
            display: 'grid',
            gap: 1,
            gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1.5fr) auto',
            alignItems: 'start',
          }}
        >
          <TextField
            label={nameLabel}
            value={name}
            error={name.trim() !== '' && isRepeated(name)}
            onChange={(event) => change(rows.map((row, at) => (at === index ? [event.target.value, row[1]] : row)))}
            slotProps={{ htmlInput: { spellCheck: false } }}
          />
          <TextField
            label={valueLabel}
            value={text}
            onChange={(event) => change(rows.map((row, at) => (at === index ? [row[0], event.target.value] : row)))}
            slotProps={{ htmlInput: { spellCheck: false } }}
          />
          <IconButton
            aria-label={apiCalls.removeRow(title, name)}
            onClick={() => change(rows.filter((_, at) => at !== index))}
          >
            <DeleteIcon />
          </IconButton>
        </Box>
      ))}
      <Button startIcon={<AddIcon />} onClick={() => setRows([...rows, ['', '']])} sx={{ alignSelf: 'flex-start' }}>
        {add}
      </Button>
    </Stack>
  );
}
