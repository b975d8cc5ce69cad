import { Button, MenuItem, Stack, TextField, Typography } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Page } from '@/components/Page';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { type Filters, llmCallsQuery } from '../api/llmCalls';
import { CallTable } from '../components/CallTable';

const STEPS = ['selection', 'extraction', 'response', 'summary'] as const;

export default function LlmCallsPage() {
  const [search, setSearch] = useSearchParams();
  const filters: Filters = {
    step: (search.get('step') as Filters['step']) ?? undefined,
    status: (search.get('status') as Filters['status']) ?? undefined,
  };
  const calls = useInfiniteQuery(llmCallsQuery(filters));
  const { data, fetchNextPage } = calls;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.body) ?? [], [data]);
  const onMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const filter = (name: 'step' | 'status', label: string, options: readonly (readonly [string, string])[]) => (
    <TextField
      select
      label={label}
      value={search.get(name) ?? ''}
      onChange={(event) =>
        setSearch(
          (last) => {
            const next = new URLSearchParams(last);
            if (event.target.value) next.set(name, event.target.value);
            else next.delete(name);
            return next;
          },
          { replace: true },
        )
      }
      sx={{ maxWidth: { sm: 200 } }}
    >
      <MenuItem value="">{texts.common.all}</MenuItem>
      {options.map(([value, text]) => (
        <MenuItem key={value} value={value}>
          {text}
        </MenuItem>
      ))}
    </TextField>
  );
  const isFiltered = Boolean(filters.step ?? filters.status);
  return (
    <Page title={texts.llmCalls.title} description={texts.llmCalls.description} fill>
      <Stack direction={{ xs: 'column', sm: 'row' }} spacing={1.5} sx={{ alignItems: { sm: 'center' } }}>
        {filter(
          'step',
          texts.llmCalls.step,
          STEPS.map((each) => [each, texts.turn.steps[each] ?? each]),
        )}
        {filter('status', texts.llmCalls.status, Object.entries(texts.llmCalls.statuses))}
        {rows.length > 0 && (
          <Typography variant="body2" color="textSecondary">
            {texts.llmCalls.loaded(rows.length, calls.hasNextPage)}
          </Typography>
        )}
      </Stack>
      {calls.error && (
        <ErrorNotice title={texts.errors.title} error={calls.error} onRetry={() => void calls.refetch()} />
      )}
      {calls.isPending && !calls.error && <Loading />}
      {data && !rows.length && (
        <Empty
          title={isFiltered ? texts.llmCalls.emptyFiltered : texts.llmCalls.empty}
          {...(isFiltered ? {} : { hint: texts.llmCalls.emptyHint })}
        >
          <Button component={Link} to={isFiltered ? paths.llmCalls : paths.chat}>
            {isFiltered ? texts.conversations.clearFilters : texts.conversations.toChat}
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
