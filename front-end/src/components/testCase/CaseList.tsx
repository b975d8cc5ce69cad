import { Box, Button, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { DeleteIcon, EditIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { ErrorNotice, Loading } from '@/components/states';
import { StatusChip } from '@/components/testRun/StatusChip';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { useSession } from '@/lib/session';
import { testCasesQuery, useChangeTestCases } from '@/lib/testCases';
import type { TestCase } from '@/lib/types';

const TestCaseDialog = loadWhenOpened(async () => (await import('./TestCaseDialog')).TestCaseDialog);

interface Props {
  /** Only the test cases of this stage. */
  stageId?: string;
  /** Shown while there are none. */
  empty: ReactNode;
}

/** Test cases with their latest results. Owners change and delete them. */
export function CaseList({ stageId, empty }: Props) {
  const { canEdit } = useSession();
  const cases = useInfiniteQuery(testCasesQuery(stageId));
  const rows = cases.data?.pages.flatMap((page) => page.body) ?? [];
  const { remove } = useChangeTestCases();
  const [editing, setEditing] = useState<TestCase | null>(null);
  const [deleting, setDeleting] = useState<TestCase | null>(null);
  return (
    <>
      {cases.error && (
        <ErrorNotice title={texts.errors.title} error={cases.error} onRetry={() => void cases.refetch()} />
      )}
      {cases.isPending && !cases.error && <Loading />}
      {cases.data && !rows.length && empty}
      {rows.length > 0 && (
        <Paper
          variant="outlined"
          component="ul"
          aria-label={testCasesTexts.cases}
          sx={{ listStyle: 'none', m: 0, p: 0 }}
        >
          {rows.map((each) => (
            <Row
              key={each.test_case_id}
              testCase={each}
              onEdit={canEdit ? () => setEditing(each) : null}
              onDelete={() => setDeleting(each)}
            />
          ))}
        </Paper>
      )}
      {cases.hasNextPage && (
        <Button
          onClick={() => void cases.fetchNextPage()}
          disabled={cases.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
      {editing && <TestCaseDialog loaded={editing} onClose={() => setEditing(null)} />}
      <DeleteDialog
        id={deleting?.test_case_id ?? null}
        title={testCasesTexts.remove({ name: deleting?.name ?? '' })}
        hint={testCasesTexts.removeHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </>
  );
}

interface RowProps {
  testCase: TestCase;
  /** Null: the user may not change it. */
  onEdit: (() => void) | null;
  onDelete: () => void;
}

function Row({ testCase, onEdit, onDelete }: RowProps) {
  const { name } = testCase;
  return (
    <Stack
      component="li"
      direction="row"
      useFlexGap
      sx={{
        flexWrap: 'wrap',
        columnGap: 1,
        px: 2,
        py: 0.75,
        minHeight: 52,
        alignItems: 'center',
        '& + &': { borderTop: 1, borderColor: 'divider' },
      }}
    >
      <Typography dir="auto" sx={{ flex: '1 1 160px', minWidth: 0, overflowWrap: 'anywhere' }}>
        {name}
      </Typography>
      <StatusChip status={testCase.last_result?.status ?? 'waiting'} />
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
  );
}
