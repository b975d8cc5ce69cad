import { Box, Button, IconButton, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteIcon, EditIcon } from '@/components/icons';
import { QueryView } from '@/components/states';
import { CaseTurns } from '@/components/testRun/CaseResult';
import { StatusChip } from '@/components/testRun/StatusChip';
import { testCasesTexts } from '@/config/texts/testCases';
import { testRunQuery } from '@/lib/testRuns';
import type { TestCase } from '@/lib/types';

interface Props {
  testCase: TestCase;
  /** Null: the user may not change it. */
  onEdit: (() => void) | null;
  onDelete: () => void;
}

/** A test case with its latest result, whose details can be shown. */
export function CaseRow({ testCase, onEdit, onDelete }: Props) {
  const { name, test_case_id: id, last_result: last } = testCase;
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack
      component="li"
      sx={{ px: 2, py: 0.75, minWidth: 0, '& + &': { borderTop: 1, borderColor: 'divider' } }}
      spacing={1}
    >
      <Stack
        direction="row"
        useFlexGap
        sx={{ flexWrap: 'wrap', columnGap: 1, minHeight: 40, minWidth: 0, alignItems: 'center' }}
      >
        <Typography dir="auto" sx={{ flex: '1 1 160px', minWidth: 0, overflowWrap: 'anywhere' }}>
          {name}
        </Typography>
        <StatusChip status={last?.status ?? 'waiting'} />
        {last && (
          <Button
            size="small"
            aria-expanded={isOpen}
            aria-label={testCasesTexts.resultOf({ name })}
            onClick={() => setOpen(!isOpen)}
          >
            {testCasesTexts.result}
          </Button>
        )}
        {onEdit && (
          <Box sx={{ display: 'flex', marginInlineStart: 'auto' }}>
            <IconButton aria-label={testCasesTexts.edit({ name })} onClick={onEdit}>
              <EditIcon />
            </IconButton>
            <IconButton aria-label={testCasesTexts.remove({ name })} onClick={onDelete}>
              <DeleteIcon />
            </IconButton>
          </Box>
        )}
      </Stack>
      {isOpen && last && <LastResult testRunId={last.test_run_id} testCaseId={id} />}
    </Stack>
  );
}

function LastResult({ testRunId, testCaseId }: { testRunId: string; testCaseId: string }) {
  const run = useQuery(testRunQuery(testRunId));
  return (
    <QueryView query={run}>
      {({ results }) => {
        const result = results.find((each) => each.test_case_id === testCaseId);
        return result && <CaseTurns result={result} />;
      }}
    </QueryView>
  );
}
