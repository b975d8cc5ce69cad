import { Button, Stack } from '@mui/material';
import type { ReactNode } from 'react';
import { ErrorNotice } from '@/components/states';
import { testCasesTexts } from '@/config/texts/testCases';
import { type TestRunCreate, useRunTests } from '@/lib/testRuns';
import { TestRun } from './TestRun';

/** A button that runs test cases, and their results. The children are shown beside the button. */
export function RunTests({ of, children }: { of: TestRunCreate; children?: ReactNode }) {
  const { run } = useRunTests();
  return (
    <>
      <Stack direction="row" useFlexGap spacing={1.5} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
        <Button variant="outlined" loading={run.isPending} onClick={() => run.mutate(of)}>
          {testCasesTexts.run}
        </Button>
        {children}
      </Stack>
      {run.error && <ErrorNotice error={run.error} onClose={run.reset} />}
      {run.data && <TestRun key={run.data} testRunId={run.data} />}
    </>
  );
}
