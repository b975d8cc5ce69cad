import { Alert, Button, LinearProgress, Typography } from '@mui/material';
import { releasesTexts } from '@/config/texts/releases';
import type { Release } from '@/lib/types';

/** That the test cases of a release run before it is published, or that it was refused because of them. */
export function CheckNotice({ release, onOverride }: { release: Release; onOverride: () => void }) {
  if (release.status !== 'checking' && release.status !== 'refused') return null;
  const isChecking = release.status === 'checking';
  const failures = release.check?.failures ?? [];
  return (
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
      <Button size="small" color="inherit" onClick={onOverride} sx={{ ml: -0.5 }}>
        {releasesTexts.override}
      </Button>
    </Alert>
  );
}

function textOf({ status, number, check }: Release): string {
  if (status === 'checking') return releasesTexts.checking({ number });
  return (check?.failures.length ? releasesTexts.refusedBecause : releasesTexts.notChecked)({ number });
}
