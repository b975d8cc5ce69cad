import { Box, Button, Checkbox, FormControlLabel, IconButton, Stack, Typography } from '@mui/material';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import { SchemaErrors } from './SchemaErrors';
import type { FieldType, SchemaProblems } from './schemaForm';
import type { ExtractionForm } from './useExtractionFields';

/** The fields that a stage collects. Their patterns, and the schema as JSON, are in `ExtractionDetails`. */
export function ExtractionFields({ form, others }: { form: ExtractionForm; others: SchemaProblems['others'] }) {
  const { rows, changeRow, changeRows } = form;
  if (form.isJson)
    return (
      <Typography variant="body2" color="textSecondary">
        {texts.stages.fieldsAreJson}
      </Typography>
    );
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
            onChange={(event) => changeRow(row.key, { name: event.target.value })}
            error={!row.name.trim()}
            slotProps={{ htmlInput: { spellCheck: false, maxLength: 100 } }}
          />
          <SelectField
            label={texts.stages.fieldType}
            value={row.type}
            onChange={(event) => changeRow(row.key, { type: event.target.value as FieldType })}
          >
            {Object.entries(texts.stages.fieldTypes).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </SelectField>
          <Stack direction="row" sx={{ alignItems: 'center' }}>
            <FormControlLabel
              control={
                <Checkbox
                  checked={row.required}
                  onChange={(event) => changeRow(row.key, { required: event.target.checked })}
                />
              }
              label={texts.stages.fieldRequired}
            />
            <IconButton
              aria-label={texts.stages.removeField({ name: row.name || texts.stages.unnamedField })}
              onClick={() => changeRows(rows.filter((each) => each.key !== row.key))}
            >
              <DeleteIcon />
            </IconButton>
          </Stack>
          <TextField
            multiline
            label={texts.stages.fieldDescription}
            value={row.description}
            onChange={(event) => changeRow(row.key, { description: event.target.value })}
          />
          {row.type === 'string' && (
            <TextField
              multiline
              label={texts.stages.fieldChoices}
              value={row.choices}
              onChange={(event) => changeRow(row.key, { choices: event.target.value })}
              helperText={texts.stages.fieldChoicesHint}
              sx={{ gridColumn: { sm: 'span 2' } }}
            />
          )}
        </Box>
      ))}
      <SchemaErrors others={others} />
      {!form.hasUniqueNames && (
        <Typography variant="body2" color="error">
          {texts.stages.fieldNameNeeded}
        </Typography>
      )}
      <Button
        startIcon={<AddIcon />}
        sx={{ alignSelf: 'flex-start' }}
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
              isGrounded: true,
            },
          ])
        }
      >
        {texts.stages.addField}
      </Button>
    </Stack>
  );
}
