import { Box, Button, FormHelperText, IconButton, Stack, Typography } from '@mui/material';
import { useId, useState } from 'react';
import { TextField } from '@/components/TextField';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { testCasesTexts } from '@/config/texts/testCases';

export interface Pair {
  name: string;
  text: string;
}

interface Props {
  title: string;
  hint?: string;
  nameLabel: string;
  valueLabel: string;
  add: string;
  /** The pairs at first. */
  initial: readonly Pair[];
  /** Names that are offered. */
  names?: readonly string[] | undefined;
  onChange: (pairs: Pair[]) => void;
}

/** Rows of a name and a text. */
export function PairRows({ title, hint, nameLabel, valueLabel, add, initial, names, onChange }: Props) {
  const id = useId();
  const [rows, setRows] = useState(() => initial.map((pair, key) => ({ ...pair, key })));
  const save = (next: typeof rows) => {
    setRows(next);
    onChange(next.map(({ name, text }) => ({ name, text })));
  };
  const change = (key: number, pair: Partial<Pair>) =>
    save(rows.map((row) => (row.key === key ? { ...row, ...pair } : row)));
  const append = () => setRows([...rows, { name: '', text: '', key: Math.max(-1, ...rows.map((row) => row.key)) + 1 }]);
  return (
    <Stack role="group" aria-labelledby={id} spacing={1.5} sx={{ minWidth: 0 }}>
      <div>
        <Typography variant="body2" id={id} sx={{ fontWeight: 600 }}>
          {title}
        </Typography>
        {hint && <FormHelperText sx={{ mt: 0 }}>{hint}</FormHelperText>}
      </div>
      {rows.map((row) => (
        <Box
          key={row.key}
          sx={{
            display: 'grid',
            columnGap: 1,
            rowGap: 1.5,
            gridTemplateAreas: { xs: '"name remove" "value value"', sm: '"name value remove"' },
            gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', sm: 'minmax(0, 1fr) minmax(0, 1fr) auto' },
            alignItems: 'start',
            pb: { xs: 1, sm: 0 },
          }}
        >
          <TextField
            label={nameLabel}
            value={row.name}
            sx={{ gridArea: 'name' }}
            onChange={(event) => change(row.key, { name: event.target.value })}
            slotProps={{
              htmlInput: { spellCheck: false, dir: 'auto', ...(names ? { list: `${id}-names` } : {}) },
              inputLabel: { shrink: true },
            }}
          />
          <TextField
            label={valueLabel}
            value={row.text}
            sx={{ gridArea: 'value' }}
            onChange={(event) => change(row.key, { text: event.target.value })}
            slotProps={{ htmlInput: { spellCheck: false, dir: 'auto' }, inputLabel: { shrink: true } }}
          />
          <IconButton
            aria-label={testCasesTexts.removeRow({ title, name: row.name || '–' })}
            sx={{ gridArea: 'remove' }}
            onClick={() => save(rows.filter(({ key }) => key !== row.key))}
          >
            <DeleteIcon />
          </IconButton>
        </Box>
      ))}
      {names && (
        <datalist id={`${id}-names`}>
          {names.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </datalist>
      )}
      <Button size="small" startIcon={<AddIcon />} onClick={append} sx={{ alignSelf: 'flex-start' }}>
        {add}
      </Button>
    </Stack>
  );
}
