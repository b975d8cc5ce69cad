import { Button, Stack, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { Link } from 'react-router';
import { FilterSelect } from '@/components/FilterSelect';
import { Page } from '@/components/Page';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useFilters } from '@/lib/useFilters';
import { type Filters, llmCallsQuery } from '../api/llmCalls';
import { CallTable } from '../components/CallTable';

const STEPS = ['selection', 'extraction', 'response', 'summary', 'embedding', 'test', 'replay', 'simulation'] as const;

export default function LlmCallsPage() {
  const address = useFilters('step', 'status');
  const filters: Filters = {
    step: (address.get('step') as Filters['step']) || undefined,
    status: (address.get('status') as Filters['status']) || undefined,
  };
  const calls = useInfiniteQuery(llmCallsQuery(filters));
  const { data, fetchNextPage } = calls;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.body) ?? [], [data]);
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const filter = (name: 'step' | 'status', label: string, options: Record<string, string>) => (
    <FilterSelect
      label={label}
      value={address.get(name)}
      options={options}
      onChange={(value) => address.set({ [name]: value })}
      sx={{ maxWidth: { sm: 200 } }}
    />
  );
  return (
    <Page title={texts.llmCalls.title} description={texts.llmCalls.description} fill>
      <Stack direction={{ xs: 'column', sm: 'row' }} spacing={1.5} sx={{ alignItems: { sm: 'center' } }}>
        {filter(
          'step',
          texts.llmCalls.step,
          Object.fromEntries(STEPS.map((each) => [each, texts.turn.steps[each] ?? each])),
        )}
        {filter('status', texts.llmCalls.status, texts.llmCalls.statuses)}
        {rows.length > 0 && (
          <Typography variant="body2" color="textSecondary">
            {calls.hasNextPage ? texts.llmCalls.loaded({ n: rows.length }) : texts.llmCalls.calls({ n: rows.length })}
          </Typography>
        )}
      </Stack>
      {calls.error && (
        <ErrorNotice title={texts.errors.title} error={calls.error} onRetry={() => void calls.refetch()} />
      )}
      {calls.isPending && !calls.error && <Loading />}
      {data && !rows.length && (
        <Empty
          title={address.isFiltered ? texts.llmCalls.emptyFiltered : texts.llmCalls.empty}
          {...(address.isFiltered ? {} : { hint: texts.llmCalls.emptyHint })}
        >
          <Button component={Link} to={address.isFiltered ? paths.llmCalls : paths.chat}>
            {address.isFiltered ? texts.conversations.clearFilters : texts.conversations.toChat}
          </Button>
        </Empty>
      )}
      {rows.length > 0 && (
        <CallTable
          calls={rows}
          hasMore={calls.hasNextPage && !calls.error}
          isLoading={calls.isFetchingNextPage}
          onMore={onMore}
        />
      )}
    </Page>
  );
}
