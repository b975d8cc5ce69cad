import { Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { ErrorNotice } from '@/components/states';
import { TestRun } from '@/components/testRun/TestRun';
import { testCasesTexts } from '@/config/texts/testCases';
import { hasTestCasesQuery, useRunTests } from '@/lib/testRuns';

/** Runs the test cases of the draft, if there are any, and shows their results. */
export function TestDraft() {
  const { data: hasTestCases } = useQuery(hasTestCasesQuery());
  const { run } = useRunTests();
  if (!hasTestCases) return null;
  return (
    <>
      <Button
        variant="outlined"
        loading={run.isPending}
        sx={{ alignSelf: 'start' }}
        onClick={() => run.mutate({ release: 'draft' })}
      >
        {testCasesTexts.run}
      </Button>
      {run.error && <ErrorNotice error={run.error} onClose={run.reset} />}
      {run.data && <TestRun key={run.data} testRunId={run.data} />}
    </>
  );
}
