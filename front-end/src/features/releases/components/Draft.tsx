import { Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Card, Empty, QueryView } from '@/components/states';
import { RunTests } from '@/components/testRun/RunTests';
import { releasesTexts } from '@/config/texts/releases';
import { useSession } from '@/lib/session';
import { hasTestCasesQuery } from '@/lib/testRuns';
import { draftChangesQuery } from '../api/releases';
import { Changes } from './Changes';
import { Publish } from './Publish';
import { ReplayDraft } from './ReplayDraft';

/** What is not live yet, and how it becomes live. */
export function Draft() {
  const { canEdit } = useSession();
  const changes = useQuery(draftChangesQuery());
  const { data: hasTestCases } = useQuery(hasTestCasesQuery());
  return (
    <Card component="section" aria-label={releasesTexts.draft}>
      <Stack spacing={2}>
        <Typography variant="h2">{releasesTexts.draft}</Typography>
        <QueryView query={changes}>
          {(rows) =>
            rows.length ? (
              <>
                <Changes changes={rows} label={releasesTexts.draft} />
                {canEdit && hasTestCases && <RunTests of={{ release: 'draft' }} />}
                {canEdit && <ReplayDraft />}
                {canEdit && <Publish />}
              </>
            ) : (
              <Empty title={releasesTexts.none} hint={releasesTexts.noneHint} />
            )
          }
        </QueryView>
      </Stack>
    </Card>
  );
}
