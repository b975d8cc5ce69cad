import { Box, Stack } from '@mui/material';
import { SelectField } from '@/components/SelectField';
import { TextField } from '@/components/TextField';
import { testCasesTexts } from '@/config/texts/testCases';
import { fieldName } from '@/lib/fieldNames';
import { COMMON_LANGUAGES, languageLabel } from '@/lib/languages';
import type { Stage, TestCaseCreate } from '@/lib/types';
import { PairRows } from './PairRows';
import { factsOf, fieldTypesOf, pairsOf } from './facts';
import { withValue } from './withValue';

export type Setup = Required<Pick<TestCaseCreate, 'customer' | 'data'>>;

interface Props {
  setup: Setup;
  /** As the test case is stored. */
  before: Setup;
  stages: readonly Stage[];
  onChange: (setup: Setup) => void;
}

/** Who writes, and what is known before the first message. */
export function CaseSetup({ setup, before, stages, onChange }: Props) {
  const { customer, data } = setup;
  const types = fieldTypesOf(stages);
  const changeData = <Name extends keyof typeof data>(name: Name, value: (typeof data)[Name]) =>
    onChange({ ...setup, data: withValue(data, name, value) });
  return (
    <Stack spacing={2}>
      <Box
        role="group"
        aria-label={testCasesTexts.customer}
        sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(2, minmax(0, 1fr))' } }}
      >
        {CUSTOMER.map((name) => (
          <TextField
            key={name}
            label={fieldName(name)}
            value={customer[name] ?? ''}
            onChange={(event) => onChange({ ...setup, customer: withValue(customer, name, event.target.value) })}
            slotProps={{ htmlInput: { autoComplete: 'off', dir: 'auto' } }}
          />
        ))}
        <SelectField
          label={fieldName('language')}
          value={customer.language ?? ''}
          onChange={(event) => onChange({ ...setup, customer: withValue(customer, 'language', event.target.value) })}
        >
          <option value="">{testCasesTexts.notSet}</option>
          {[...new Set([...COMMON_LANGUAGES, ...(customer.language ? [customer.language] : [])])].map((each) => (
            <option key={each} value={each}>
              {languageLabel(each)}
            </option>
          ))}
        </SelectField>
      </Box>
      <PairRows
        title={testCasesTexts.known}
        nameLabel={testCasesTexts.field}
        valueLabel={testCasesTexts.value}
        add={testCasesTexts.addField}
        names={[...types.keys()]}
        initial={pairsOf(before.data.fields ?? {})}
        onChange={(pairs) => {
          const fields = factsOf(pairs, before.data.fields ?? {}, types);
          changeData('fields', Object.keys(fields).length ? fields : undefined);
        }}
      />
      <PairRows
        title={testCasesTexts.orders}
        nameLabel={fieldName('order_number')}
        valueLabel={fieldName('status')}
        add={testCasesTexts.addOrder}
        initial={(before.data.orders ?? []).map((each) => ({ name: each.order_number, text: each.status ?? '' }))}
        onChange={(pairs) => {
          const orders = pairs
            .filter(({ name }) => name.trim())
            .map(({ name, text }) => {
              const stored = before.data.orders?.find((each) => each.order_number === name.trim());
              return withValue({ ...stored, order_number: name.trim() }, 'status', text.trim());
            });
          changeData('orders', orders.length ? orders : undefined);
        }}
      />
    </Stack>
  );
}

const CUSTOMER = ['first_name', 'last_name', 'email', 'phone'] as const;
