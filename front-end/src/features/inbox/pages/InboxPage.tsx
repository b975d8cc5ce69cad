import { Box, Stack, Typography, useMediaQuery, useTheme } from '@mui/material';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, QueryView } from '@/components/states';
import { useShortcuts } from '@/components/useShortcuts';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { usePreference } from '@/lib/preferences';
import { conversationQuery, countsQuery } from '@/lib/queries';
import { setPageTitle } from '@/lib/title';
import { type InboxFilters as Filters, filterText, readFilters } from '../api/filters';
import { inboxQuery } from '../api/inbox';
import { ConversationList } from '../components/ConversationList';
import { ConversationPane } from '../components/ConversationPane';
import { InboxFilters } from '../components/InboxFilters';
import { OptionsMenu } from '../components/OptionsMenu';

const ShortcutsDialog = loadWhenOpened(async () => (await import('../components/ShortcutsDialog')).ShortcutsDialog);

/** The team's inbox: the list of conversations, the open one, and its details. On a phone one of them at a time. */
export default function InboxPage() {
  const { conversationId } = useParams();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const [singleKeys] = usePreference('singleKeyShortcuts');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const isPhone = useMediaQuery(useTheme().breakpoints.down('sm'));
  const filters = useMemo(() => readFilters(search), [search]);
  const conversations = useInfiniteQuery(inboxQuery(filters));
  const counts = useQuery(countsQuery());
  const list = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const rows = useMemo(() => conversations.data?.pages.flatMap((page) => page.body) ?? [], [conversations.data]);
  const openId = conversationId ?? null;
  const listAddress = paths.inbox + filterText(filters);
  useEffect(() => setPageTitle(`${texts.inbox.title} · ${texts.product}`), []);

  const change = (changes: Partial<Filters>) => {
    const path = openId && !isPhone ? paths.inboxConversation(openId) : paths.inbox;
    // The address may have changed since the page was rendered.
    const current = readFilters(new URLSearchParams(window.location.search));
    void navigate(path + filterText({ ...current, ...changes }), { replace: true });
  };
  const clear = () => change({ view: 'all', tag: null, q: null });
  const links = () => [...(list.current?.querySelectorAll<HTMLElement>('a[data-conversation]') ?? [])];
  /** Focuses the conversation that many rows below the focused one, or else below the open one. */
  const move = (steps: number) => {
    const all = links();
    const focused = all.indexOf(document.activeElement as HTMLElement);
    const current = focused >= 0 ? focused : all.findIndex((each) => each.dataset['conversation'] === openId);
    const next = all[Math.min(Math.max(current + steps, 0), all.length - 1)];
    next?.focus();
  };
  const leave = () => {
    if (isPhone) return void navigate(listAddress);
    (links().find((each) => each.dataset['conversation'] === openId) ?? links()[0])?.focus();
  };
  useShortcuts(
    {
      j: () => move(1),
      k: () => move(-1),
      f: () => searchField.current?.focus(),
      '?': () => setHelpOpen(true),
    },
    singleKeys,
  );

  const isListShown = !isPhone || openId === null;
  return (
    <Box
      data-fill
      sx={{
        display: 'flex',
        flex: '1 1 0',
        minHeight: 0,
        // Below notices about the whole product.
        '[role="status"]:not(:empty) + &': { mt: 1.5, borderTop: 1, borderColor: 'divider' },
      }}
    >
      {isListShown && (
        <Box
          sx={{
            display: 'flex',
            flexDirection: 'column',
            width: { xs: '100%', sm: 300, lg: 340 },
            flexShrink: 0,
            minHeight: 0,
            borderRight: { sm: 1 },
            borderColor: { sm: 'divider' },
            bgcolor: 'background.paper',
          }}
        >
          <Stack direction="row" sx={{ alignItems: 'center', justifyContent: 'space-between', px: 2, minHeight: 56 }}>
            <Typography variant="h1">{texts.inbox.title}</Typography>
            <OptionsMenu
              sort={filters.sort}
              canSort={filters.q === null}
              onSort={(sort) => change({ sort })}
              onShortcuts={() => setHelpOpen(true)}
            />
          </Stack>
          <InboxFilters filters={filters} counts={counts.data} onChange={change} searchField={searchField} />
          <Box ref={list} sx={{ flex: '1 1 0', minHeight: 0, overflowY: 'auto', borderTop: 1, borderColor: 'divider' }}>
            <ConversationList query={conversations} rows={rows} filters={filters} openId={openId} onClear={clear} />
          </Box>
        </Box>
      )}
      {openId !== null && (
        <OpenConversation key={openId} conversationId={openId} back={isPhone ? listAddress : null} onLeave={leave} />
      )}
      {openId === null && !isPhone && (
        <Box sx={{ flexGrow: 1, display: 'grid', placeItems: 'center', minWidth: 0 }}>
          <Empty title={texts.inbox.chooseConversation} hint={texts.inbox.chooseConversationHint} />
        </Box>
      )}
      <ShortcutsDialog open={isHelpOpen} onClose={() => setHelpOpen(false)} />
    </Box>
  );
}

interface OpenProps {
  conversationId: string;
  back: string | null;
  onLeave: () => void;
}

function OpenConversation({ conversationId, back, onLeave }: OpenProps) {
  const detail = useQuery(conversationQuery(conversationId));
  return (
    <Box
      component="section"
      aria-label={texts.inbox.conversation}
      sx={{ display: 'flex', flexDirection: 'column', flex: '1 1 0', minWidth: 0, minHeight: 0 }}
    >
      <QueryView query={detail}>{(row) => <ConversationPane detail={row} back={back} onLeave={onLeave} />}</QueryView>
    </Box>
  );
}
