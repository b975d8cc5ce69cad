import { Alert, Button, LinearProgress, Typography } from '@mui/material';
import { useState } from 'react';
import { TestRun } from '@/components/testRun/TestRun';
import { releasesTexts } from '@/config/texts/releases';
import { testCasesTexts } from '@/config/texts/testCases';
import type { Release } from '@/lib/types';

/** That the test cases of a release run before it is published, or that it was refused because of them. */
export function CheckNotice({ release, onOverride }: { release: Release; onOverride: () => void }) {
  const [isOpen, setOpen] = useState(false);
  if (release.status !== 'checking' && release.status !== 'refused') return null;
  const isChecking = release.status === 'checking';
  const failures = release.check?.failures ?? [];
  const testRunId = release.check?.test_run_id;
  return (
    <>
      <Alert severity={isChecking ? 'info' : 'warning'} role="status">
        <Typography>{textOf(release)}</Typography>
        {isChecking && <LinearProgress aria-label={releasesTexts.beingChecked} sx={{ my: 1 }} />}
        {failures.length > 0 && (
          <ul>
            {failures.map((each) => (
              <li key={each.test_case_id}>
                <bdi>{each.name}</bdi>
              </li>
            ))}
          </ul>
        )}
        {testRunId && (
          <Button
            size="small"
            color="inherit"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            sx={{ ml: -0.5, mr: 1 }}
          >
            {testCasesTexts.results}
          </Button>
        )}
        <Button size="small" color="inherit" onClick={onOverride} sx={{ ml: -0.5 }}>
          {releasesTexts.override}
        </Button>
      </Alert>
      {isOpen && testRunId && <TestRun testRunId={testRunId} />}
    </>
  );
}

function textOf({ status, number, check }: Release): string {
  if (status === 'checking') return releasesTexts.checking({ number });
  return (check?.failures.length ? releasesTexts.refusedBecause : releasesTexts.notChecked)({ number });
}
