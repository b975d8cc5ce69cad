import { Box, Button, FormHelperText, IconButton, Link as MuiLink, Stack, Typography } from '@mui/material';
import { useId, useRef } from 'react';
import { flushSync } from 'react-dom';
import { Link } from 'react-router';
import { SelectField } from '@/components/SelectField';
import { PlaceholderEditor } from '@/components/PlaceholderEditor';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { paths } from '@/config/paths';
import { actions as words } from '@/config/texts/actions';
import { fieldName, fieldNameInText } from '@/lib/fieldNames';
import { useActionPlaceholderNames } from '@/lib/placeholderNames';
import { COLUMNS } from './actionForm';
import { useInvalid } from './validity';

interface Props {
  kind: keyof typeof COLUMNS;
  values: Readonly<Record<string, string>>;
  onChange: (values: Record<string, string>) => void;
  permitted: readonly string[];
  isLoaded: boolean;
}

/** The fields of an order or of the customer, with their new values. */
export function ChangedFields({ kind, values, onChange, permitted, isLoaded }: Props) {
  const id = useId();
  const names = useActionPlaceholderNames();
  const addButton = useRef<HTMLButtonElement>(null);
  const { order_number: orderNumber = '', ...changed } = values;
  const isOrder = kind === 'update_order';
  const rows = Object.entries(changed);
  const columns: readonly string[] = COLUMNS[kind];
  const free = columns
    .filter((column) => !(column in changed))
    .toSorted((a, b) => Number(permitted.includes(b)) - Number(permitted.includes(a)));
  const isRefused = (column: string) => isLoaded && !permitted.includes(column);
  const problemOf = (text: string) => (text.trim() ? undefined : words.valueNeeded);
  const shows = useInvalid(!rows.length || rows.some(([, text]) => !text.trim()) || (isOrder && !orderNumber.trim()));
  const save = (next: [string, string][]) =>
    onChange({ ...(isOrder ? { order_number: orderNumber } : {}), ...Object.fromEntries(next) });
  return (
    <Stack role="group" aria-labelledby={id} spacing={1.75}>
      <Typography variant="overline" component="h4" id={id}>
        {words.values}
      </Typography>
      {isOrder && (
        <PlaceholderEditor
          compact="line"
          label={words.orderNumber}
          hint={words.orderNumberHint}
          value={orderNumber}
          onChange={(text) => onChange({ ...values, order_number: text })}
          names={names}
          error={shows ? problemOf(orderNumber) : undefined}
        />
      )}
      {rows.map(([column, text]) => (
        <Box
          key={column}
          role="group"
          aria-label={fieldName(column)}
          sx={{
            display: 'grid',
            columnGap: 1,
            rowGap: 1.75,
            gridTemplateAreas: { xs: '"field remove" "value value"', sm: '"field value remove"' },
            gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', sm: 'minmax(0, 1fr) minmax(0, 1.7fr) auto' },
            alignItems: 'start',
          }}
        >
          <SelectField
            label={words.field}
            value={column}
            onChange={(event) => save(rows.map((row) => (row[0] === column ? [event.target.value, text] : row)))}
            sx={{ gridArea: 'field' }}
          >
            {columns
              .filter((each) => each === column || free.includes(each))
              .map((each) => (
                <option key={each} value={each}>
                  {fieldName(each)}
                </option>
              ))}
          </SelectField>
          <Box sx={{ gridArea: 'value', minWidth: 0 }}>
            <PlaceholderEditor
              compact="line"
              label={words.newValue}
              value={text}
              onChange={(next) => save(rows.map((row) => (row[0] === column ? [column, next] : row)))}
              names={names}
              error={shows ? problemOf(text) : undefined}
            />
            {isRefused(column) && (
              <FormHelperText sx={{ color: 'warning.main', mx: 1.75 }}>
                {words.notPermitted}{' '}
                <MuiLink component={Link} to={paths.settings} target="_blank" color="inherit">
                  {words.openSettings}
                </MuiLink>
              </FormHelperText>
            )}
          </Box>
          <IconButton
            aria-label={words.removeField({ field: fieldNameInText(column) })}
            onClick={() => {
              // The button may have been disabled before.
              flushSync(() => save(rows.filter((row) => row[0] !== column)));
              addButton.current?.focus();
            }}
            sx={{ gridArea: 'remove' }}
          >
            <DeleteIcon />
          </IconButton>
        </Box>
      ))}
      {!rows.length && (
        <FormHelperText error={shows} sx={{ mt: 0 }}>
          {words.needsField}
        </FormHelperText>
      )}
      <Button
        ref={addButton}
        startIcon={<AddIcon />}
        disabled={free[0] === undefined}
        onClick={() => free[0] !== undefined && save([...rows, [free[0], `{${free[0]}}`]])}
        sx={{ alignSelf: 'flex-start' }}
      >
        {words.addField}
      </Button>
    </Stack>
  );
}
