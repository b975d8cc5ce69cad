import { Button, Paper } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { useSession } from '@/lib/session';
import { testCasesQuery, useChangeTestCases } from '@/lib/testCases';
import type { TestCase } from '@/lib/types';
import { CaseRow } from './CaseRow';

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
            <CaseRow
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
