import { Button, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { SelectField } from '@/components/SelectField';
import { AddIcon, DeleteIcon, EditIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { StatusChip } from '@/components/testRun/StatusChip';
import { TestRun } from '@/components/testRun/TestRun';
import { texts } from '@/config/texts';
import { testCasesTexts } from '@/config/texts/testCases';
import { useSession } from '@/lib/session';
import { type Tested, useRunTests } from '@/lib/testRuns';
import type { TestCase } from '@/lib/types';
import { testCasesQuery, useChangeTestCases } from '../api/testCases';

const TestCaseDialog = loadWhenOpened(async () => (await import('../components/TestCaseDialog')).TestCaseDialog);

/** The test cases of the business, and a run of them. */
export default function TestsPage() {
  const { canEdit } = useSession();
  const cases = useInfiniteQuery(testCasesQuery());
  const rows = cases.data?.pages.flatMap((page) => page.body) ?? [];
  const { remove } = useChangeTestCases();
  const { run } = useRunTests();
  const [release, setRelease] = useState<Tested>('draft');
  const [editing, setEditing] = useState<TestCase | 'new' | null>(null);
  const [deleting, setDeleting] = useState<TestCase | null>(null);
  const create = (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing('new')}>
      {testCasesTexts.new}
    </Button>
  );
  return (
    <Page
      title={testCasesTexts.title}
      description={testCasesTexts.description}
      actions={canEdit && rows.length > 0 && create}
    >
      {cases.error && (
        <ErrorNotice title={texts.errors.title} error={cases.error} onRetry={() => void cases.refetch()} />
      )}
      {cases.isPending && !cases.error && <Loading />}
      {cases.data && !rows.length && (
        <Empty title={testCasesTexts.empty} hint={testCasesTexts.emptyHint}>
          {canEdit && create}
        </Empty>
      )}
      {canEdit && rows.length > 0 && (
        <Stack direction="row" useFlexGap spacing={1.5} sx={{ flexWrap: 'wrap', alignItems: 'center' }}>
          <SelectField
            label={testCasesTexts.release}
            value={release}
            fullWidth={false}
            onChange={(event) => setRelease(event.target.value === 'live' ? 'live' : 'draft')}
          >
            <option value="draft">{testCasesTexts.draft}</option>
            <option value="live">{testCasesTexts.live}</option>
          </SelectField>
          <Button variant="outlined" loading={run.isPending} onClick={() => run.mutate({ release })}>
            {testCasesTexts.run}
          </Button>
        </Stack>
      )}
      {run.error && <ErrorNotice error={run.error} onClose={run.reset} />}
      {run.data && <TestRun key={run.data} testRunId={run.data} />}
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
      {editing && <TestCaseDialog loaded={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      <DeleteDialog
        id={deleting?.test_case_id ?? null}
        title={testCasesTexts.remove({ name: deleting?.name ?? '' })}
        hint={testCasesTexts.removeHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </Page>
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
      sx={{ gap: 1, px: 2, py: 1.25, alignItems: 'center', '& + &': { borderTop: 1, borderColor: 'divider' } }}
    >
      <Typography dir="auto" sx={{ flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
        {name}
      </Typography>
      <StatusChip status={testCase.last_result?.status ?? 'waiting'} />
      {onEdit && (
        <>
          <IconButton aria-label={testCasesTexts.edit({ name })} onClick={onEdit}>
            <EditIcon />
          </IconButton>
          <IconButton aria-label={testCasesTexts.remove({ name })} onClick={onDelete}>
            <DeleteIcon />
          </IconButton>
        </>
      )}
    </Stack>
  );
}
