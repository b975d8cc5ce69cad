import { Box, Button, FormHelperText, IconButton, Stack, Typography } from '@mui/material';
import { useId, useRef, useState } from 'react';
import { PlaceholderEditor } from '@/components/PlaceholderEditor';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { TextField } from '@/components/TextField';
import { apiCalls } from '@/config/texts/apiCalls';
import type { PlaceholderNames } from '@/lib/placeholderNames';
import { useInvalid } from './validity';

interface Props {
  title: string;
  hint: string;
  nameLabel: string;
  valueLabel: string;
  add: string;
  value: Readonly<Record<string, string>>;
  onChange: (value: Record<string, string>) => void;
  /** The variables that values can contain; without it, values are plain texts. */
  names?: PlaceholderNames;
}

interface Row {
  key: number;
  name: string;
  text: string;
}

/** Rows of a name and a text. Rows without a name are not part of the value. */
export function PairFields({ title, hint, nameLabel, valueLabel, add, value, onChange, names }: Props) {
  const id = useId();
  const addButton = useRef<HTMLButtonElement>(null);
  const [rows, setRows] = useState<Row[]>(() =>
    Object.entries(value).map(([name, text], key) => ({ key, name, text })),
  );
  const [added, setAdded] = useState<number | null>(null);
  const save = (next: Row[]) => {
    setRows(next);
    onChange(Object.fromEntries(next.filter(({ name }) => name.trim()).map(({ name, text }) => [name.trim(), text])));
  };
  const change = (key: number, values: Partial<Row>) =>
    save(rows.map((row) => (row.key === key ? { ...row, ...values } : row)));
  const remove = (key: number) => {
    save(rows.filter((row) => row.key !== key));
    addButton.current?.focus();
  };
  const append = () => {
    const key = Math.max(-1, ...rows.map((row) => row.key)) + 1;
    setRows([...rows, { key, name: '', text: '' }]);
    setAdded(key);
  };
  const problemOf = ({ name, text }: Row) => {
    if (!name.trim()) return text ? apiCalls.nameNeeded : null;
    return rows.filter((row) => row.name.trim() === name.trim()).length > 1 ? apiCalls.nameRepeated : null;
  };
  useInvalid(rows.some((row) => problemOf(row) !== null));
  return (
    <Stack role="group" aria-labelledby={id} spacing={1.25} sx={{ minWidth: 0 }}>
      <div>
        <Typography variant="overline" component="h3" id={id}>
          {title}
        </Typography>
        <FormHelperText sx={{ mt: 0 }}>{hint}</FormHelperText>
      </div>
      {rows.map((row) => {
        const problem = problemOf(row);
        const valueField = { label: valueLabel, value: row.text };
        return (
          <Box
            key={row.key}
            sx={{
              display: 'grid',
              columnGap: 1,
              rowGap: 1.75,
              gridTemplateAreas: { xs: '"name remove" "value value"', sm: '"name value remove"' },
              gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', sm: 'minmax(0, 1fr) minmax(0, 1.7fr) auto' },
              alignItems: 'start',
              pt: 0.5,
              pb: { xs: 1, sm: 0 },
            }}
          >
            <TextField
              label={nameLabel}
              value={row.name}
              error={problem !== null}
              helperText={problem}
              autoFocus={row.key === added}
              onChange={(event) => change(row.key, { name: event.target.value })}
              sx={{ gridArea: 'name' }}
              slotProps={{ htmlInput: { spellCheck: false }, inputLabel: { shrink: true } }}
            />
            <Box sx={{ gridArea: 'value', minWidth: 0 }}>
              {names ? (
                <PlaceholderEditor
                  {...valueField}
                  compact="line"
                  names={names}
                  onChange={(text) => change(row.key, { text })}
                />
              ) : (
                <TextField
                  {...valueField}
                  onChange={(event) => change(row.key, { text: event.target.value })}
                  slotProps={{ htmlInput: { spellCheck: false }, inputLabel: { shrink: true } }}
                />
              )}
            </Box>
            <IconButton
              aria-label={apiCalls.removeRow({ title, name: row.name || apiCalls.unnamedRow })}
              onClick={() => remove(row.key)}
              sx={{ gridArea: 'remove' }}
            >
              <DeleteIcon />
            </IconButton>
          </Box>
        );
      })}
      <Button ref={addButton} startIcon={<AddIcon />} onClick={append} sx={{ alignSelf: 'flex-start' }}>
        {add}
      </Button>
    </Stack>
  );
}
