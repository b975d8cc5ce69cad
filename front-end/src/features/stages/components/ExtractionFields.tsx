import {
  Box,
  Button,
  Checkbox,
  FormControlLabel,
  IconButton,
  MenuItem,
  Stack,
  TextField,
  Typography,
} from '@mui/material';
import { useState } from 'react';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import { MONOSPACE } from '@/theme/theme';
import { type FieldRow, type FieldType, type SchemaProblems, hasUniqueNames, rowsOf, schemaOf } from './schemaForm';
import { useInvalid } from './validity';

interface Props {
  schema: Record<string, unknown> | null;
  onChange: (schema: Record<string, unknown> | null) => void;
  /** The server's errors for the schema that was last sent. */
  problems: SchemaProblems;
}

/** Edits the extraction schema as form rows, or as JSON if the form cannot show it. */
export function ExtractionFields({ schema, problems, onChange }: Props) {
  const [rows, setRows] = useState<FieldRow[] | null>(() => rowsOf(schema));
  const [text, setText] = useState(() => (schema ? JSON.stringify(schema, null, 2) : ''));
  const [isJsonMode, setIsJsonMode] = useState(() => rowsOf(schema) === null);
  const parsed = parse(text);

  useInvalid(isJsonMode || rows === null ? parsed === undefined : !hasUniqueNames(rows));

  const changeRows = (next: FieldRow[]) => {
    setRows(next);
    if (hasUniqueNames(next)) onChange(schemaOf(next));
  };
  const changeText = (next: string) => {
    setText(next);
    const value = parse(next);
    if (value !== undefined) onChange(value);
  };
  const change = (key: number, values: Partial<FieldRow>) =>
    changeRows((rows ?? []).map((each) => (each.key === key ? { ...each, ...values } : each)));
  const schemaErrors = problems.others.map((why) => (
    <Typography key={why} variant="body2" color="error" role="alert">
      {texts.stages.schemaInvalid(why)}
    </Typography>
  ));
  const asRows = parsed === undefined ? null : rowsOf(parsed);

  const hasInvalidPattern = (row: FieldRow) => problems.patterns.includes(row.name.trim());

  if (isJsonMode || rows === null) {
    return (
      <Stack spacing={1.5}>
        <TextField
          multiline
          minRows={6}
          label={texts.stages.jsonSchema}
          value={text}
          onChange={(event) => changeText(event.target.value)}
          error={parsed === undefined}
          helperText={
            parsed === undefined ? texts.stages.jsonInvalid : asRows === null ? texts.stages.formUnsupported : null
          }
          slotProps={{
            input: { sx: { fontFamily: MONOSPACE, fontSize: '0.85rem' } },
            htmlInput: { spellCheck: false },
          }}
        />
        {problems.patterns.map((name) => (
          <Typography key={name} variant="body2" color="error" role="alert">
            {texts.stages.patternInvalid(name)}
          </Typography>
        ))}
        {schemaErrors}
        {asRows && (
          <Button
            onClick={() => {
              setRows(asRows);
              setIsJsonMode(false);
            }}
            sx={{ alignSelf: 'flex-start' }}
          >
            {texts.stages.asForm}
          </Button>
        )}
      </Stack>
    );
  }
  return (
    <Stack spacing={1.5}>
      <Typography variant="body2" color="textSecondary">
        {texts.stages.fieldsHint}
      </Typography>
      {rows.map((row) => (
        <Box
          key={row.key}
          role="group"
          aria-label={`${texts.stages.field} ${row.name}`}
          sx={{
            display: 'grid',
            gap: 1.5,
            gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'minmax(0, 1.2fr) minmax(0, 0.9fr) auto' },
            alignItems: 'start',
            p: 1.5,
            border: 1,
            borderColor: 'divider',
            borderRadius: 1,
          }}
        >
          <TextField
            label={texts.stages.fieldName}
            value={row.name}
            onChange={(event) => change(row.key, { name: event.target.value })}
            error={!row.name.trim()}
            slotProps={{ htmlInput: { spellCheck: false, maxLength: 100 } }}
          />
          <TextField
            select
            label={texts.stages.fieldType}
            value={row.type}
            onChange={(event) => change(row.key, { type: event.target.value as FieldType })}
          >
            {Object.entries(texts.stages.fieldTypes).map(([value, label]) => (
              <MenuItem key={value} value={value}>
                {label}
              </MenuItem>
            ))}
          </TextField>
          <Stack direction="row" sx={{ alignItems: 'center' }}>
            <FormControlLabel
              control={
                <Checkbox
                  checked={row.required}
                  onChange={(event) => change(row.key, { required: event.target.checked })}
                />
              }
              label={texts.stages.fieldRequired}
            />
            <IconButton
              aria-label={texts.stages.removeField(row.name)}
              onClick={() => changeRows(rows.filter((each) => each.key !== row.key))}
            >
              <DeleteIcon />
            </IconButton>
          </Stack>
          <TextField
            multiline
            label={texts.stages.fieldDescription}
            value={row.description}
            onChange={(event) => change(row.key, { description: event.target.value })}
          />
          {row.type === 'string' && (
            <TextField
              label={texts.stages.fieldPattern}
              value={row.pattern}
              onChange={(event) => change(row.key, { pattern: event.target.value })}
              error={hasInvalidPattern(row)}
              helperText={hasInvalidPattern(row) ? texts.stages.fieldPatternInvalid : texts.stages.fieldPatternHint}
              slotProps={{ input: { sx: { fontFamily: MONOSPACE } }, htmlInput: { spellCheck: false } }}
            />
          )}
          {row.type === 'string' && (
            <TextField
              multiline
              label={texts.stages.fieldChoices}
              value={row.choices}
              onChange={(event) => change(row.key, { choices: event.target.value })}
              helperText={texts.stages.fieldChoicesHint}
              sx={{ gridColumn: '1 / -1' }}
            />
          )}
        </Box>
      ))}
      {schemaErrors}
      {!hasUniqueNames(rows) && (
        <Typography variant="body2" color="error">
          {texts.stages.fieldNameNeeded}
        </Typography>
      )}
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap' }}>
        <Button
          startIcon={<AddIcon />}
          onClick={() =>
            changeRows([
              ...rows,
              {
                key: Math.max(-1, ...rows.map((each) => each.key)) + 1,
                name: '',
                type: 'string',
                description: '',
                pattern: '',
                choices: '',
                title: undefined,
                required: false,
              },
            ])
          }
        >
          {texts.stages.addField}
        </Button>
        <Button
          onClick={() => {
            setText(schema ? JSON.stringify(schema, null, 2) : '');
            setIsJsonMode(true);
          }}
        >
          {texts.stages.asJson}
        </Button>
      </Stack>
    </Stack>
  );
}

/** Parses a JSON Schema. Returns null for empty text and undefined if the text is not a JSON object. */
function parse(text: string): Record<string, unknown> | null | undefined {
  if (!text.trim()) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
