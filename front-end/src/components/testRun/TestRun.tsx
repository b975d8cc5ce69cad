import { Button, LinearProgress, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Card, ErrorNotice, QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { isUnfinished, testRunQuery, useRunTests } from '@/lib/testRuns';
import { CaseResult } from './CaseResult';

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
                  <CaseResult key={each.test_case_id} result={each} />
                ))}
              </Paper>
            </>
          )}
        </QueryView>
      </Stack>
    </Card>
  );
}
