import { Box, Button, Chip, FormHelperText, IconButton, Stack, Typography } from '@mui/material';
import { useId, useRef, useState } from 'react';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { AddIcon, DeleteIcon } from '@/components/icons';
import { texts } from '@/config/texts';
import { actions as words } from '@/config/texts/actions';
import { fieldName } from '@/lib/fieldNames';
import { isObject } from '@/lib/format';
import { FormOrJson } from './FormOrJson';
import type { Action } from './actionForm';
import {
  type CollectedField,
  type Condition,
  type Operator,
  conditionSchemaOf,
  conditionsOf,
  operatorsOf,
  problemOf,
} from './conditions';
import { useInvalid } from './validity';

type When = NonNullable<Action['when']>;

interface Props {
  value: When;
  onChange: (value: When) => void;
  /** The fields that the stage collects. */
  fields: readonly CollectedField[];
}

/** When an action runs: which fields must be known, and conditions on their values. */
export function ActionWhen({ value, onChange, fields }: Props) {
  const id = useId();
  const chosen = value.fields ?? [];
  const names = [...new Set([...fields.map((each) => each.name), ...chosen])];
  const setFields = (next: string[]) => {
    const { fields: _, ...rest } = value;
    onChange(next.length ? { fields: next, ...rest } : rest);
  };
  const setCondition = (schema: When['if']) => {
    const { if: _, ...rest } = value;
    onChange(schema && Object.keys(schema).length ? { ...rest, if: schema } : rest);
  };
  return (
    <Stack spacing={1.5} role="group" aria-labelledby={id}>
      <Typography variant="overline" component="h4" id={id}>
        {words.when}
      </Typography>
      <div>
        <Typography variant="body2">{words.whenFields}</Typography>
        <FormHelperText sx={{ mt: 0, mb: 1 }}>
          {names.length ? words.whenFieldsHint : words.whenNoFields}
        </FormHelperText>
        <Stack
          direction="row"
          useFlexGap
          spacing={1}
          role="group"
          aria-label={words.whenFields}
          sx={{ flexWrap: 'wrap' }}
        >
          {names.map((name) => {
            const isChosen = chosen.includes(name);
            const isCollected = fields.some((each) => each.name === name);
            return (
              <Chip
                key={name}
                component="button"
                type="button"
                aria-pressed={isChosen}
                label={isCollected ? fieldName(name) : words.notCollected({ name: fieldName(name) })}
                color={isChosen ? 'primary' : 'default'}
                variant={isChosen ? 'filled' : 'outlined'}
                onClick={() => setFields(isChosen ? chosen.filter((each) => each !== name) : [...chosen, name])}
              />
            );
          })}
        </Stack>
      </div>
      <FormOrJson
        label={words.conditionJson}
        value={value.if ?? {}}
        onChange={setCondition}
        accepts={isObject}
        invalid={texts.stages.objectInvalid}
        isForm={conditionsOf(value.if, fields) !== null}
        editAsJson={words.conditionAsJson}
      >
        <Conditions schema={value.if} onChange={setCondition} fields={fields} />
      </FormOrJson>
    </Stack>
  );
}

interface ConditionsProps {
  schema: When['if'];
  onChange: (schema: When['if']) => void;
  fields: readonly CollectedField[];
}

type Row = Condition & { key: number };

function Conditions({ schema, onChange, fields }: ConditionsProps) {
  const [rows, setRows] = useState<Row[]>(() =>
    (conditionsOf(schema, fields) ?? []).map((each, key) => ({ ...each, key })),
  );
  const addButton = useRef<HTMLButtonElement>(null);
  const shows = useInvalid(rows.some((row) => problemOf(row, fields) !== null));
  const save = (next: Row[]) => {
    setRows(next);
    if (next.every((row) => problemOf(row, fields) === null)) onChange(conditionSchemaOf(next, fields));
  };
  const append = () =>
    save([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, field: '', operator: 'is', value: '' }]);
  return (
    <Stack spacing={1.5}>
      {rows.length > 0 && <Typography variant="body2">{words.conditions}</Typography>}
      {rows.map((row, index) => (
        <ConditionRow
          key={row.key}
          number={index + 1}
          row={row}
          fields={fields}
          problem={shows ? problemOf(row, fields) : null}
          onChange={(next) => save(rows.with(index, { ...next, key: row.key }))}
          onRemove={() => {
            save(rows.toSpliced(index, 1));
            addButton.current?.focus();
          }}
        />
      ))}
      <Button ref={addButton} startIcon={<AddIcon />} onClick={append} sx={{ alignSelf: 'flex-start' }}>
        {words.addCondition}
      </Button>
    </Stack>
  );
}

interface RowProps {
  number: number;
  row: Condition;
  fields: readonly CollectedField[];
  problem: string | null;
  onChange: (row: Condition) => void;
  onRemove: () => void;
}

function ConditionRow({ number, row, fields, problem, onChange, onRemove }: RowProps) {
  const field = fields.find((each) => each.name === row.field);
  const operators = operatorsOf(field?.type ?? 'string');
  const names = [...new Set([...fields.map((each) => each.name), ...(row.field ? [row.field] : [])])];
  const choose = (name: string) => {
    const type = fields.find((each) => each.name === name)?.type ?? 'string';
    const operator = operatorsOf(type).find((each) => each === row.operator) ?? 'is';
    onChange({ field: name, operator, value: type === 'boolean' ? 'true' : row.value });
  };
  const choices =
    field?.type === 'boolean'
      ? [
          { value: 'true', label: texts.common.yes },
          { value: 'false', label: texts.common.no },
        ]
      : (field?.choices ?? []).map((value) => ({ value, label: value }));
  const isChoice = choices.length > 0 && (row.operator === 'is' || row.operator === 'is_not');
  const isList = row.operator === 'one_of';
  const valueProblem = problem === 'value' || problem === 'number' ? words.conditionProblems[problem] : null;
  const value = {
    label: words.conditionValue,
    onChange: (event: { target: { value: string } }) => onChange({ ...row, value: event.target.value }),
    error: valueProblem !== null,
    helperText: valueProblem ?? (isList ? words.oneOfHint : null),
  };
  return (
    <Box
      role="group"
      aria-label={words.condition({ n: number })}
      sx={{
        display: 'grid',
        columnGap: 1.25,
        rowGap: 1.75,
        gridTemplateAreas: {
          xs: '"field remove" "operator operator" "value value"',
          sm: '"field operator value remove"',
        },
        gridTemplateColumns: { xs: 'minmax(0, 1fr) auto', sm: 'minmax(0, 1.2fr) minmax(0, 1fr) minmax(0, 1.4fr) auto' },
        alignItems: 'start',
      }}
    >
      <SelectField
        label={words.conditionField}
        value={row.field}
        onChange={(event) => choose(event.target.value)}
        error={problem === 'field'}
        helperText={problem === 'field' ? words.conditionProblems['field'] : null}
        sx={{ gridArea: 'field' }}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {fieldName(name)}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={words.operator}
        value={row.operator}
        onChange={(event) => onChange({ ...row, operator: event.target.value as Operator })}
        sx={{ gridArea: 'operator' }}
      >
        {operators.map((operator) => (
          <option key={operator} value={operator}>
            {words.operators[operator]}
          </option>
        ))}
      </SelectField>
      {row.operator !== 'known' && (
        <Box sx={{ gridArea: 'value', minWidth: 0 }}>
          {isChoice ? (
            <SelectField {...value} value={choices.some((each) => each.value === row.value) ? row.value : ''}>
              {choices.map((each) => (
                <option key={each.value} value={each.value}>
                  {each.label}
                </option>
              ))}
            </SelectField>
          ) : (
            <TextField {...value} multiline={isList} value={row.value} />
          )}
        </Box>
      )}
      <IconButton aria-label={words.removeCondition({ n: number })} onClick={onRemove} sx={{ gridArea: 'remove' }}>
        <DeleteIcon />
      </IconButton>
    </Box>
  );
}
