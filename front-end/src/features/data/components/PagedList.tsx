import { Box, Button } from '@mui/material';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { texts } from '@/config/texts';
import { dataTexts } from '@/config/texts/data';
import type { Answer } from '@/lib/client';

interface Props<Row> {
  query: UseInfiniteQueryResult<InfiniteData<Answer<Row[]>>>;
  /** Whether there may be other rows than those that match. */
  isFiltered: boolean;
  onClear: () => void;
  empty: { title: string; hint: string };
  children: (rows: Row[]) => ReactNode;
}

/** A list that is read in pages, with its states. */
export function PagedList<Row>({ query, isFiltered, onClear, empty, children }: Props<Row>) {
  const rows = query.data?.pages.flatMap((page) => page.body) ?? [];
  return (
    <>
      {query.error && (
        <ErrorNotice title={texts.errors.title} error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.isPending && !query.error && <Loading />}
      {query.data &&
        !rows.length &&
        (isFiltered ? (
          <Empty title={dataTexts.noMatch}>
            <Button onClick={onClear}>{dataTexts.clearSearch}</Button>
          </Empty>
        ) : (
          <Empty title={empty.title} hint={empty.hint} />
        ))}
      {rows.length > 0 && children(rows)}
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

/** The fields that filter a list, side by side where there is room. */
export function Filters({ children }: { children: ReactNode }) {
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 1.5,
        alignItems: 'start',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(auto-fit, minmax(220px, 1fr))' },
      }}
    >
      {children}
    </Box>
  );
}
