import { Button, Checkbox, FormControlLabel } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Page } from '@/components/Page';
import { SelectField } from '@/components/SelectField';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty } from '@/components/states';
import { CaseList } from '@/components/testCase/CaseList';
import { RunTests } from '@/components/testRun/RunTests';
import { paths } from '@/config/paths';
import { testCasesTexts } from '@/config/texts/testCases';
import { useSession } from '@/lib/session';
import { testCasesQuery } from '@/lib/testCases';
import type { TestRunCreate } from '@/lib/testRuns';

const TestCaseDialog = loadWhenOpened(
  async () => (await import('@/components/testCase/TestCaseDialog')).TestCaseDialog,
);

/** The test cases of the business, and a run of them. */
export default function TestsPage() {
  const { canEdit } = useSession();
  const { data } = useInfiniteQuery(testCasesQuery());
  const hasCases = Boolean(data?.pages[0]?.body.length);
  const [release, setRelease] = useState<TestRunCreate['release']>('draft');
  const [isRepeated, setRepeated] = useState(false);
  const [isCreating, setCreating] = useState(false);
  const create = canEdit && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setCreating(true)}>
      {testCasesTexts.new}
    </Button>
  );
  return (
    <Page
      title={testCasesTexts.title}
      description={testCasesTexts.description}
      actions={
        <>
          <Button component={Link} to={paths.simulations}>
            {testCasesTexts.simulations}
          </Button>
          {hasCases && create}
        </>
      }
    >
      {canEdit && hasCases && (
        <RunTests of={{ release, repeat: isRepeated ? 3 : 1 }}>
          <SelectField
            label={testCasesTexts.release}
            value={release}
            fullWidth={false}
            onChange={(event) => setRelease(event.target.value === 'live' ? 'live' : 'draft')}
          >
            <option value="draft">{testCasesTexts.draft}</option>
            <option value="live">{testCasesTexts.live}</option>
          </SelectField>
          <FormControlLabel
            control={<Checkbox checked={isRepeated} onChange={(_, isOn) => setRepeated(isOn)} />}
            label={testCasesTexts.repeat}
          />
        </RunTests>
      )}
      <CaseList
        empty={
          <Empty title={testCasesTexts.empty} hint={testCasesTexts.emptyHint}>
            {create}
          </Empty>
        }
      />
      {isCreating && <TestCaseDialog loaded={null} onClose={() => setCreating(false)} />}
    </Page>
  );
}
