import { Button, Paper, Stack } from '@mui/material';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import type { Answer } from '@/lib/client';

interface Props<Row> {
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Answer<Row[]>>>;
  keyOf: (row: Row) => string;
  empty: string;
  children: (row: Row) => ReactNode;
}

/** A list that is loaded page by page. */
export function PagedList<Row>({ label, query, keyOf, empty, children }: Props<Row>) {
  const rows = query.data?.pages.flatMap((page) => page.body) ?? [];
  return (
    <>
      {query.error && (
        <ErrorNotice title={texts.errors.title} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && !query.error && <Loading />}
      {query.data && !rows.length && <Empty title={empty} />}
      {rows.length > 0 && (
        <Paper variant="outlined" component="ul" aria-label={label} sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {rows.map((row) => (
            <Stack
              key={keyOf(row)}
              component="li"
              direction={{ xs: 'column', sm: 'row' }}
              sx={{
                gap: 1,
                px: 2,
                py: 1.5,
                alignItems: { xs: 'flex-start', sm: 'center' },
                '& + &': { borderTop: 1, borderColor: 'divider' },
              }}
            >
              {children(row)}
            </Stack>
          ))}
        </Paper>
      )}
      {query.hasNextPage && (
        <Button
          onClick={() => void query.fetchNextPage()}
          disabled={query.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </>
  );
}
