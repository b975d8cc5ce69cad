import { Button, Checkbox, FormControlLabel, Stack, Typography } from '@mui/material';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { MONOSPACE } from '@/theme/theme';
import { SchemaErrors } from './SchemaErrors';
import type { SchemaProblems } from './schemaForm';
import type { ExtractionForm } from './useExtractionFields';

/** The patterns of the fields, or the whole schema as JSON. */
export function ExtractionDetails({ form, problems }: { form: ExtractionForm; problems: SchemaProblems }) {
  if (form.isJson)
    return (
      <Stack spacing={1.5}>
        <TextField
          multiline
          minRows={6}
          label={texts.stages.jsonSchema}
          value={form.text}
          onChange={(event) => form.changeText(event.target.value)}
          error={!form.isTextValid}
          helperText={
            form.isTextValid ? (form.canShowForm ? null : texts.stages.formUnsupported) : texts.stages.jsonInvalid
          }
          slotProps={{
            input: { sx: { fontFamily: MONOSPACE, fontSize: '0.85rem' } },
            htmlInput: { spellCheck: false },
          }}
        />
        {problems.patterns.map((name) => (
          <Typography key={name} variant="body2" color="error" role="alert">
            {texts.stages.patternInvalid({ name })}
          </Typography>
        ))}
        <SchemaErrors others={problems.others} />
        {form.canShowForm && (
          <Button onClick={form.showForm} sx={{ alignSelf: 'flex-start' }}>
            {texts.stages.asForm}
          </Button>
        )}
      </Stack>
    );
  const rows = form.rows.filter((each) => each.name.trim());
  return (
    <Stack spacing={1.5}>
      {rows.map((row) => {
        const isInvalid = problems.patterns.includes(row.name.trim());
        return (
          <div key={row.key}>
            {row.type === 'string' && (
              <TextField
                label={texts.stages.patternOf({ name: row.name })}
                value={row.pattern}
                onChange={(event) => form.changeRow(row.key, { pattern: event.target.value })}
                error={isInvalid}
                helperText={isInvalid ? texts.stages.fieldPatternInvalid : texts.stages.fieldPatternHint}
                slotProps={{ input: { sx: { fontFamily: MONOSPACE } }, htmlInput: { spellCheck: false } }}
              />
            )}
            <FormControlLabel
              control={
                <Checkbox
                  checked={row.isGrounded}
                  onChange={(_, isGrounded) => form.changeRow(row.key, { isGrounded })}
                />
              }
              label={texts.stages.fieldGrounded({ name: row.name })}
            />
          </div>
        );
      })}
      <Button onClick={form.showJson} sx={{ alignSelf: 'flex-start' }}>
        {texts.stages.asJson}
      </Button>
    </Stack>
  );
}
