import { Box, Button, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { TextField } from '@/components/TextField';
import { QueryView } from '@/components/states';
import { budgetTexts } from '@/config/texts/budget';
import { formatDollars } from '@/lib/intl';
import { useSession } from '@/lib/session';
import { formatDay } from '@/lib/time';
import type { Prices } from '@/lib/types';
import { pricesQuery } from '../api/model';
import type { SettingProps } from '../api/settings';
import { NumberField } from './NumberField';
import { SettingFormCard } from './SettingFormCard';
import { NEW_PRICE, PRICE, type PriceRow, arePricesValid, priceChanges, pricesOf } from './budgetForm';
import { useSettingForm } from './useSettingForm';

const AMOUNTS = ['prompt', 'cached_prompt', 'completion'] as const;

/** The prices of models that are not built in, or that differ. */
export function PricesSetting(props: SettingProps) {
  return <QueryView query={useQuery(pricesQuery())}>{(known) => <PricesForm {...props} known={known} />}</QueryView>;
}

function PricesForm({ known, ...props }: SettingProps & { known: Prices }) {
  const { canEdit } = useSession();
  const form = useSettingForm({
    ...props,
    section: 'prices',
    saved: { rows: pricesOf(props.loaded.body.settings) },
    toChanges: ({ rows }) => ({ settings: priceChanges(rows) }),
  });
  const { rows } = form.values;
  const changeRow = (at: number, next: Partial<PriceRow>) =>
    form.change({ rows: rows.map((row, index) => (index === at ? { ...row, ...next } : row)) });
  return (
    <SettingFormCard
      title={budgetTexts.prices}
      hint={budgetTexts.pricesHint({ date: formatDay(known.date) })}
      form={form}
      isValid={arePricesValid(rows)}
      actions={<Button onClick={() => form.change({ rows: [...rows, NEW_PRICE] })}>{budgetTexts.addPrice}</Button>}
    >
      {rows.length === 0 && <Typography color="textSecondary">{budgetTexts.noOwnPrices}</Typography>}
      {rows.map((row, at) => (
        <Price
          // eslint-disable-next-line react/no-array-index-key -- the names of models change while they are entered
          key={at}
          row={row}
          builtIn={known.models[row.model.trim()]}
          disabled={!canEdit}
          onChange={(next) => changeRow(at, next)}
          onRemove={() => form.change({ rows: rows.filter((_, index) => index !== at) })}
        />
      ))}
    </SettingFormCard>
  );
}

interface PriceProps {
  row: PriceRow;
  builtIn: Prices['models'][string] | undefined;
  disabled: boolean;
  onChange: (next: Partial<PriceRow>) => void;
  onRemove: () => void;
}

function Price({ row, builtIn, disabled, onChange, onRemove }: PriceProps) {
  const hint = builtIn
    ? budgetTexts.priceHint({
        prompt: formatDollars(builtIn.prompt),
        completion: formatDollars(builtIn.completion ?? 0),
      })
    : '';
  return (
    <Box
      role="group"
      aria-label={budgetTexts.pricesOf({ model: row.model.trim() || budgetTexts.newModel })}
      sx={{ p: 2, border: 1, borderColor: 'divider', borderRadius: 2 }}
    >
      <Stack spacing={2}>
        <TextField
          required
          label={budgetTexts.price.model}
          helperText={hint}
          value={row.model}
          disabled={disabled}
          slotProps={{ htmlInput: { maxLength: 200, spellCheck: false, autoComplete: 'off' } }}
          onChange={(event) => onChange({ model: event.target.value })}
        />
        <Stack direction={{ xs: 'column', sm: 'row' }} spacing={2}>
          {AMOUNTS.map((name) => (
            <NumberField
              key={name}
              label={budgetTexts.price[name]}
              hint={name === 'cached_prompt' ? budgetTexts.cachedHint : ''}
              value={row[name]}
              range={PRICE}
              disabled={disabled}
              onChange={(text) => onChange({ [name]: text })}
            />
          ))}
        </Stack>
        {!disabled && (
          <Button color="error" sx={{ alignSelf: 'flex-start' }} onClick={onRemove}>
            {budgetTexts.removePrice}
          </Button>
        )}
      </Stack>
    </Box>
  );
}
