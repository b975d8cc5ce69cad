import { Box, FormHelperText, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material';
import { SelectField } from '@/components/SelectField';
import { importTexts } from '@/config/texts/imports';
import type { ImportPreview } from '@/lib/types';
import { fieldLabel } from './columns';

const SHOWN = 3; // values of each column

interface Props {
  preview: ImportPreview;
  /** The field of each column, '' for one to ignore. */
  value: readonly string[];
  error: string | null;
  onChange: (columns: string[]) => void;
}

/** Assigns fields to the columns of a file, beside their first values. */
export function ColumnFields({ preview, value, error, onChange }: Props) {
  return (
    <Box role="region" aria-label={importTexts.preview} tabIndex={0} sx={{ maxHeight: 360, overflow: 'auto' }}>
      <Typography variant="h3">{importTexts.preview}</Typography>
      <Typography variant="body2" color="textSecondary">
        {importTexts.previewHint}
      </Typography>
      <Table size="small" sx={{ tableLayout: 'fixed' }}>
        <TableHead>
          <TableRow>
            <TableCell>{importTexts.column}</TableCell>
            <TableCell>{importTexts.field}</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {preview.columns.map(({ name }, index) => (
            // eslint-disable-next-line react/no-array-index-key -- columns may have the same name and keep their order
            <TableRow key={index}>
              <TableCell sx={{ verticalAlign: 'top', overflowWrap: 'anywhere' }}>
                <Typography variant="body2" sx={{ fontWeight: 600 }}>
                  <bdi>{name || index + 1}</bdi>
                </Typography>
                <Typography variant="caption" color="textSecondary" component="p" noWrap>
                  <bdi>
                    {preview.rows
                      .slice(0, SHOWN)
                      .map((row) => row[index])
                      .filter(Boolean)
                      .join(' · ')}
                  </bdi>
                </Typography>
              </TableCell>
              <TableCell sx={{ verticalAlign: 'top' }}>
                <SelectField
                  value={value[index] ?? ''}
                  onChange={(event) => onChange(value.map((each, at) => (at === index ? event.target.value : each)))}
                  ariaLabel={importTexts.fieldOf({ column: name || String(index + 1) })}
                >
                  <option value="">{importTexts.ignored}</option>
                  {preview.fields.map(({ field, required }) => (
                    <option key={field} value={field}>
                      {fieldLabel(field)}
                      {required && ' *'}
                    </option>
                  ))}
                </SelectField>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {error && <FormHelperText error>{error}</FormHelperText>}
    </Box>
  );
}
