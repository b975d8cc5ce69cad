import { Autocomplete, Box, Button, FormHelperText, IconButton, Stack, Typography } from '@mui/material';
import { useId } from 'react';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { hookTexts } from '@/config/texts/hooks';
import type { HookCreate } from '@/lib/types';
import fields from '../fields.json';
import { type MappingRow, type Source, emptyRow } from './mappingRows';

interface Props {
  resource: HookCreate['resource'];
  rows: readonly MappingRow[];
  onChange: (rows: MappingRow[]) => void;
}

/** Rows of a field and where its value is in the JSON. */
export function MappingFields({ resource, rows, onChange }: Props) {
  const id = useId();
  const change = (key: number, values: Partial<MappingRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...values } : row)));
  return (
    <Stack role="group" aria-labelledby={id} spacing={1.5}>
      <div>
        <Typography variant="overline" component="h3" id={id}>
          {hookTexts.mapping}
        </Typography>
        <FormHelperText sx={{ mt: 0 }}>{hookTexts.mappingHint}</FormHelperText>
      </div>
      {rows.map((row) => (
        <Box
          key={row.key}
          sx={{
            display: 'grid',
            gap: 1,
            alignItems: 'start',
            gridTemplateColumns: {
              xs: 'minmax(0, 1fr) auto',
              md: 'minmax(0, 3fr) minmax(0, 2.5fr) minmax(0, 4fr) auto',
            },
            '& > :not(button)': { gridColumn: { xs: 1, md: 'auto' } },
          }}
        >
          <Autocomplete
            options={fields[resource]}
            value={row.field || null}
            onChange={(_, field) => change(row.key, { field: field ?? '' })}
            getOptionDisabled={(option) => rows.some((each) => each.field === option)}
            renderInput={(params) => <TextField {...params} label={hookTexts.field} />}
          />
          <SelectField
            label={hookTexts.source}
            value={row.source}
            onChange={(event) => change(row.key, { source: event.target.value as Source })}
          >
            {Object.entries(hookTexts.sources).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
          <Stack direction="row" spacing={1}>
            <TextField
              label={row.source === 'value' ? hookTexts.fixed : hookTexts.paths}
              multiline={row.source !== 'value'}
              value={row.text}
              onChange={(event) => change(row.key, { text: event.target.value })}
              slotProps={{ htmlInput: { spellCheck: false } }}
            />
            {row.source === 'join' && (
              <TextField
                label={hookTexts.separator}
                value={row.separator}
                onChange={(event) => change(row.key, { separator: event.target.value })}
                slotProps={{ htmlInput: { maxLength: 10 } }}
                sx={{ width: 110, flexShrink: 0 }}
              />
            )}
          </Stack>
          <IconButton
            aria-label={row.field ? hookTexts.removeRow({ field: row.field }) : hookTexts.removeUnnamedRow}
            onClick={() => onChange(rows.filter((each) => each.key !== row.key))}
            sx={{ gridRow: { xs: 1, md: 'auto' }, gridColumn: { xs: 2, md: 'auto' } }}
          >
            <DeleteIcon />
          </IconButton>
        </Box>
      ))}
      <Button startIcon={<AddIcon />} onClick={() => onChange([...rows, emptyRow()])} sx={{ alignSelf: 'flex-start' }}>
        {hookTexts.addRow}
      </Button>
    </Stack>
  );
}
