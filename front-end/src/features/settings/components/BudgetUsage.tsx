import { Alert, Box, LinearProgress, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { QueryView } from '@/components/states';
import { budgetTexts } from '@/config/texts/budget';
import { formatDollars, formatList } from '@/lib/intl';
import { budgetQuery } from '@/lib/queries';
import type { Budget, BudgetPeriod } from '@/lib/types';
import { SettingCard } from './SettingCard';

/** What the business has spent today and this month. */
export function BudgetUsage() {
  return <QueryView query={useQuery(budgetQuery())}>{(budget) => <Usage budget={budget} />}</QueryView>;
}

function Usage({ budget }: { budget: Budget }) {
  return (
    <SettingCard title={budgetTexts.usage} hint={budgetTexts.usageHint({ zone: budget.time_zone })}>
      <Stack spacing={2}>
        <Period label={budgetTexts.day} period={budget.day} />
        <Period label={budgetTexts.month} period={budget.month} />
      </Stack>
      {budget.unpriced_models.length > 0 && (
        <Alert severity="warning" role="note" sx={{ overflowWrap: 'anywhere' }}>
          {budgetTexts.unpricedModels({ models: formatList(budget.unpriced_models) })}
        </Alert>
      )}
      {budget.month.unpriced_calls > 0 && (
        <Alert severity="warning" role="note">
          {budgetTexts.unpriced({ n: budget.month.unpriced_calls })}
        </Alert>
      )}
    </SettingCard>
  );
}

function Period({ label, period }: { label: string; period: BudgetPeriod }) {
  const spent = formatDollars(period.spent_usd);
  const percent = period.percent ?? 0;
  const text =
    period.limit_usd === null
      ? budgetTexts.noLimit({ spent })
      : budgetTexts.ofLimit({ spent, limit: formatDollars(period.limit_usd), share: Math.floor(percent) / 100 });
  return (
    <div>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, justifyContent: 'space-between' }}>
        <Typography sx={{ fontWeight: 600 }}>{label}</Typography>
        <Typography>{text}</Typography>
      </Box>
      {period.limit_usd !== null && (
        <LinearProgress
          variant="determinate"
          aria-label={label}
          aria-valuetext={text}
          color={colourOf(percent)}
          value={Math.min(percent, 100)}
          sx={{ mt: 0.5, height: 8, borderRadius: 4 }}
        />
      )}
    </div>
  );
}

function colourOf(percent: number): 'primary' | 'warning' | 'error' {
  if (percent >= 100) return 'error';
  return percent >= 80 ? 'warning' : 'primary';
}
