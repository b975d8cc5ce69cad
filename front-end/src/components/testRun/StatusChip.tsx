import { Chip } from '@mui/material';
import { testCasesTexts } from '@/config/texts/testCases';
import type { TestStatus } from '@/lib/types';

const COLOURS = {
  waiting: 'default',
  passed: 'success',
  failed: 'error',
  unstable: 'warning',
  error: 'error',
} as const;

/** What became of a test case. */
export function StatusChip({ status }: { status: TestStatus }) {
  return <Chip size="small" variant="outlined" color={COLOURS[status]} label={testCasesTexts.status[status]} />;
}
