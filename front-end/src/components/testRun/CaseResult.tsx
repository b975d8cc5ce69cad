import { Chip, Stack, Typography } from '@mui/material';
import { TextWith } from '@/components/TextWith';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { formatDollars, formatDuration } from '@/lib/intl';
import type { TestResult } from '@/lib/types';
import { StatusChip } from './StatusChip';
import { checkValue } from './checkValue';

/** What became of a test case: its messages with their replies, and which expectations were met. */
export function CaseResult({ result }: { result: TestResult }) {
  return (
    <Stack
      component="li"
      spacing={1}
      sx={{ px: 2, py: 1.25, minWidth: 0, '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography dir="auto" sx={{ fontWeight: 600, overflowWrap: 'anywhere', minWidth: 0 }}>
          {result.name}
        </Typography>
        <StatusChip status={result.status} />
      </Stack>
      <CaseTurns result={result} />
    </Stack>
  );
}

/** The same without the name. */
export function CaseTurns({ result }: { result: TestResult }) {
  return (
    <>
      {result.error && <Typography color="error">{result.error}</Typography>}
      {result.turns.map((turn, index) => (
        // eslint-disable-next-line react/no-array-index-key -- messages keep their order
        <Stack key={index} spacing={0.5} sx={{ minWidth: 0 }}>
          <Typography dir="auto" sx={{ overflowWrap: 'anywhere' }}>
            {turn.message}
          </Typography>
          {turn.reply && (
            <Typography dir="auto" color="textSecondary" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
              {turn.reply}
            </Typography>
          )}
          {turn.checks.map((check, number) => (
            // eslint-disable-next-line react/no-array-index-key -- checks keep their order
            <CheckRow key={number} check={check} />
          ))}
        </Stack>
      ))}
      {result.status !== 'waiting' && (
        <Typography variant="caption" color="textSecondary">
          {[
            texts.common.tokens({ n: result.tokens }),
            ...(result.cost_usd === null ? [] : [formatDollars(result.cost_usd)]),
            formatDuration(result.duration_ms),
          ].join(' · ')}
        </Typography>
      )}
    </>
  );
}

function CheckRow({ check }: { check: TestResult['turns'][number]['checks'][number] }) {
  return (
    <Stack direction="row" useFlexGap spacing={1} sx={{ flexWrap: 'wrap', alignItems: 'baseline', minWidth: 0 }}>
      <Chip
        size="small"
        variant="outlined"
        color={check.passed ? 'success' : 'error'}
        label={check.passed ? testCasesTexts.met : testCasesTexts.notMet}
      />
      <Typography variant="body2">{testCasesTexts.checks[check.check]}</Typography>
      <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
        <TextWith
          text={testCasesTexts.expected}
          values={{ value: <bdi>{checkValue(check.check, check.expected)}</bdi> }}
        />
      </Typography>
      {!check.passed && (
        <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          <TextWith
            text={testCasesTexts.actual}
            values={{ value: <bdi>{checkValue(check.check, check.actual)}</bdi> }}
          />
        </Typography>
      )}
    </Stack>
  );
}
