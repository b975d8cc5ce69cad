import { Box, Button, Chip, Typography } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { FilterSelect } from '@/components/FilterSelect';
import { OneLine } from '@/components/OneLine';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { SearchField } from '@/components/SearchField';
import { Time } from '@/components/Time';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { failureText } from '@/components/turn/FailureLink';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { uuidOrNull } from '@/lib/format';
import type { Conversation } from '@/lib/types';
import { useFilters } from '@/lib/useFilters';
import { type Filters, conversationsQuery } from '../api/conversations';

export default function ConversationsPage() {
  const address = useFilters('q', 'status', 'stage', 'by');
  const { canSendMessages } = useSession();
  const filters: Filters = {
    q: address.get('q') || undefined,
    status: (address.get('status') as Filters['status']) || undefined,
    stage_id: uuidOrNull(address.get('stage')) ?? undefined,
    handled_by: (address.get('by') as Filters['handled_by']) || undefined,
  };
  const conversations = useInfiniteQuery(conversationsQuery(filters));
  const stages = useQuery(stagesQuery());
  const stageNames = useMemo(
    () => new Map(stages.data?.map((each) => [each.stage_id, each.stage_name])),
    [stages.data],
  );
  const rows = conversations.data?.pages.flatMap((page) => page.body) ?? [];
  const isFiltered = address.isFiltered;
  const filter = (name: string, label: string, options: Record<string, string>) => (
    <FilterSelect
      label={label}
      value={address.get(name)}
      options={options}
      onChange={(value) => address.set({ [name]: value })}
    />
  );
  return (
    <Page title={texts.conversations.title} description={texts.conversations.description}>
      <Box
        sx={{
          display: 'grid',
          gap: 1.5,
          gridTemplateColumns: {
            xs: 'minmax(0, 1fr)',
            sm: 'repeat(3, minmax(0, 1fr))',
            lg: 'minmax(0, 2fr) repeat(3, minmax(0, 1fr))',
          },
        }}
      >
        <SearchField
          label={texts.conversations.search}
          value={filters.q ?? ''}
          onChange={(q) => address.set({ q })}
          sx={{ gridColumn: { sm: '1 / -1', lg: 'auto' } }}
        />
        {filter('status', texts.conversations.status, texts.conversations.statuses)}
        {filter('stage', texts.conversations.stage, Object.fromEntries(stageNames))}
        {filter('by', texts.conversations.handledBy, texts.conversations.handlers)}
      </Box>
      {conversations.error && (
        <ErrorNotice
          title={texts.errors.title}
          error={conversations.error}
          onRetry={() => void conversations.refetch()}
        />
      )}
      {conversations.isPending && !conversations.error && <Loading />}
      {conversations.data &&
        !rows.length &&
        (isFiltered ? (
          <Empty title={texts.conversations.emptyFiltered}>
            <Button onClick={address.clear}>{texts.conversations.clearFilters}</Button>
          </Empty>
        ) : (
          <Empty
            title={texts.conversations.empty}
            hint={canSendMessages ? texts.conversations.emptyHint : texts.conversations.emptyHintReadOnly}
          >
            {canSendMessages && (
              <Button variant="contained" component={Link} to={paths.chat}>
                {texts.conversations.toChat}
              </Button>
            )}
          </Empty>
        ))}
      {rows.length > 0 && (
        <RowList
          label={texts.conversations.title}
          rows={rows.map((each) => ({
            key: each.conversation_id,
            to: paths.conversation(each.conversation_id),
            title: <bdi>{each.customer_name}</bdi>,
            detail: <Preview conversation={each} stageName={stageNames.get(each.stage_id ?? '')} />,
            meta: (
              <>
                {each.last_message?.failure && (
                  <Chip
                    size="small"
                    color="error"
                    variant="outlined"
                    label={failureText(each.last_message.failure, each.last_message.sender_type === 'assistant')}
                  />
                )}
                {each.is_test && <Chip size="small" variant="outlined" label={texts.conversations.test} />}
                {each.handled_by === 'human' && (
                  <Chip size="small" color="warning" variant="outlined" label={texts.conversations.handlers['human']} />
                )}
                <Chip
                  size="small"
                  variant="outlined"
                  label={texts.conversations.statuses[each.status] ?? each.status}
                />
                <Typography variant="caption" color="textSecondary">
                  <Time iso={each.last_updated} />
                </Typography>
              </>
            ),
          }))}
        />
      )}
      {conversations.hasNextPage && (
        <Button
          onClick={() => void conversations.fetchNextPage()}
          disabled={conversations.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
    </Page>
  );
}

/** The beginning of the last message with its sender, and the stage. */
function Preview({ conversation, stageName }: { conversation: Conversation; stageName: string | undefined }) {
  const last = conversation.last_message;
  return (
    <>
      {last && (
        <Typography variant="body2" color="textSecondary" noWrap sx={{ display: 'flex', columnGap: '0.5ch' }}>
          {last.sender_type !== 'user' && (
            <span style={{ flexShrink: 0 }}>
              <bdi>{last.sender_name ?? texts.conversations.senders[last.sender_type]}</bdi>:{' '}
            </span>
          )}
          <OneLine text={last.text} />
        </Typography>
      )}
      {conversation.stage_id && (stageName ?? texts.common.unknown)}
    </>
  );
}
