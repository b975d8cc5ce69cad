import { Typography } from '@mui/material';
import { texts } from '@/config/texts';
import type { SchemaProblems } from './schemaForm';

/** Why the server did not accept the schema of the fields. */
export function SchemaErrors({ others }: { others: SchemaProblems['others'] }) {
  return others.map((why) => (
    <Typography key={why} variant="body2" color="error" role="alert">
      {texts.stages.schemaInvalid({ why })}
    </Typography>
  ));
}
