import { Alert, Button, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { CaseList } from '@/components/testCase/CaseList';
import { RunTests } from '@/components/testRun/RunTests';
import { testCasesTexts } from '@/config/texts/testCases';
import { testCasesQuery } from '@/lib/testCases';
import type { StageDetail } from '@/lib/types';

const TestCaseDialog = loadWhenOpened(
  async () => (await import('@/components/testCase/TestCaseDialog')).TestCaseDialog,
);

interface Props {
  stage: StageDetail;
  /** Whether the stage has changes that are not saved. */
  isDirty: boolean;
}

/** The test cases of a stage, beside its form, and a run of them with what is saved. */
export function StageTests({ stage, isDirty }: Props) {
  const { data } = useInfiniteQuery(testCasesQuery(stage.stage_id));
  const hasCases = Boolean(data?.pages[0]?.body.length);
  const [isCreating, setCreating] = useState(false);
  return (
    <Stack component="section" aria-label={testCasesTexts.ofStage} spacing={2} sx={{ minWidth: 0 }}>
      <Stack
        direction="row"
        useFlexGap
        spacing={1}
        sx={{ flexWrap: 'wrap', justifyContent: 'space-between', alignItems: 'center' }}
      >
        <Typography variant="h2">{testCasesTexts.ofStage}</Typography>
        <Button size="small" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
          {testCasesTexts.new}
        </Button>
      </Stack>
      <CaseList
        stageId={stage.stage_id}
        empty={
          <Typography variant="body2" color="textSecondary">
            {testCasesTexts.ofStageEmpty}
          </Typography>
        }
      />
      {hasCases && isDirty && (
        <Alert severity="info" role="note">
          {testCasesTexts.unsaved}
        </Alert>
      )}
      {hasCases && <RunTests of={{ release: 'draft', stage_id: stage.stage_id }} />}
      {isCreating && <TestCaseDialog loaded={null} stage={stage} onClose={() => setCreating(false)} />}
    </Stack>
  );
}
