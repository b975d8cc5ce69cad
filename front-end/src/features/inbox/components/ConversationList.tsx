import { Box, Button } from '@mui/material';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { useNow } from '@/lib/useNow';
import { useDrafts } from '../api/drafts';
import { type InboxFilters, filterText, isFiltered } from '../api/filters';
import type { Conversation } from '@/lib/types';
import { ConversationRow } from './ConversationRow';

interface Props {
  query: UseInfiniteQueryResult;
  rows: readonly Conversation[];
  filters: InboxFilters;
  openId: string | null;
  onClear: () => void;
}

/** The conversations that match the filters. */
export function ConversationList({ query, rows, filters, openId, onClear }: Props) {
  const { me } = useSession();
  const now = useNow();
  const drafts = useDrafts();
  if (query.isPending && !query.error) return <Loading />;
  const search = filterText(filters);
  return (
    <>
      {query.error && (
        <Box sx={{ p: 2 }}>
          <ErrorNotice title={texts.errors.title} error={query.error} onRetry={() => void query.refetch()} />
        </Box>
      )}
      {query.data !== undefined && !rows.length && <NoConversations filters={filters} onClear={onClear} />}
      {rows.length > 0 && (
        <Box component="ul" aria-label={texts.inbox.list} sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {rows.map((row) => (
            <ConversationRow
              key={row.conversation_id}
              row={row}
              to={`${paths.inboxConversation(row.conversation_id)}${search}`}
              isOpen={row.conversation_id === openId}
              draft={row.conversation_id === openId ? undefined : drafts[row.conversation_id]}
              myId={me.user?.user_id ?? null}
              now={now}
            />
          ))}
        </Box>
      )}
      {query.hasNextPage && (
        <Box sx={{ p: 1.5, textAlign: 'center' }}>
          <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            {texts.common.loadMore}
          </Button>
        </Box>
      )}
    </>
  );
}

function NoConversations({ filters, onClear }: { filters: InboxFilters; onClear: () => void }) {
  if (!isFiltered(filters)) return <Empty title={texts.inbox.empty.all} hint={texts.inbox.emptyHint} />;
  const isSearch = filters.q !== null || filters.tag !== null;
  return (
    <Empty title={isSearch ? texts.inbox.emptySearch : texts.inbox.empty[filters.view]}>
      <Button onClick={onClear}>{texts.conversations.clearFilters}</Button>
    </Empty>
  );
}
