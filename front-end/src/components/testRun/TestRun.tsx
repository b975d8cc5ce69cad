import { Button, Chip, LinearProgress, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { TextWith } from '@/components/TextWith';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { isUnfinished, testRunQuery, useRunTests } from '@/lib/testRuns';
import type { TestResult } from '@/lib/types';
import { StatusChip } from './StatusChip';
import { plain } from '@/components/plain';

/** A test run: how far it is, and what became of each test case. */
export function TestRun({ testRunId }: { testRunId: string }) {
  const run = useQuery(testRunQuery(testRunId));
  const { cancel } = useRunTests();
  return (
    <Card component="section" aria-label={testCasesTexts.results}>
      <Stack spacing={2}>
        <Typography variant="h2">{testCasesTexts.results}</Typography>
        <QueryView query={run}>
          {(loaded) => (
            <>
              <Typography role="status">
                {isUnfinished(loaded) ? testCasesTexts.progress(loaded) : testCasesTexts.outcome(loaded)}
              </Typography>
              {isUnfinished(loaded) && (
                <Stack direction="row" spacing={2} sx={{ alignItems: 'center' }}>
                  <LinearProgress
                    aria-label={testCasesTexts.results}
                    variant="determinate"
                    value={(100 * loaded.done) / Math.max(loaded.total, 1)}
                    sx={{ flexGrow: 1 }}
                  />
                  <Button disabled={cancel.isPending} onClick={() => cancel.mutate(testRunId)}>
                    {texts.common.cancel}
                  </Button>
                </Stack>
              )}
              {cancel.error && <ErrorNotice error={cancel.error} onClose={cancel.reset} />}
              <Paper
                variant="outlined"
                component="ul"
                aria-label={testCasesTexts.results}
                sx={{ listStyle: 'none', m: 0, p: 0 }}
              >
                {loaded.results.map((each) => (
                  <Result key={each.test_case_id} result={each} />
                ))}
              </Paper>
            </>
          )}
        </QueryView>
      </Stack>
    </Card>
  );
}

function Result({ result }: { result: TestResult }) {
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
    </Stack>
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
        <TextWith text={testCasesTexts.expected} values={{ value: <bdi>{plain(check.expected)}</bdi> }} />
      </Typography>
      {!check.passed && (
        <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          <TextWith text={testCasesTexts.actual} values={{ value: <bdi>{plain(check.actual)}</bdi> }} />
        </Typography>
      )}
    </Stack>
  );
}
