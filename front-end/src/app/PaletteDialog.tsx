import { Box, Dialog, InputBase, Typography } from '@mui/material';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useDeferredValue, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useOfferedCommands } from '@/components/commands';
import { ScreenReaderText } from '@/components/ScreenReaderText';
import { ErrorNotice } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { call } from '@/lib/client';
import { stagesQuery } from '@/lib/queries';
import { useSections } from './pages';

interface Entry {
  id: string;
  group: keyof typeof texts.palette.groups;
  label: string;
  hint?: string | undefined;
  run: () => void;
}

const MAX_PER_GROUP = 6;

interface Props {
  open: boolean;
  onClose: () => void;
}

/** Opens pages, conversations and stages, and runs actions of the open page. */
export default function PaletteDialog({ open, onClose }: Props) {
  const chosen = useRef<Entry | null>(null);
  const close = (entry: Entry | null) => {
    chosen.current = entry;
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={() => close(null)}
      fullWidth
      maxWidth="sm"
      sx={{ '& .MuiDialog-container': { alignItems: 'flex-start' } }}
      transitionDuration={0}
      slotProps={{
        paper: { 'aria-label': texts.palette.title, sx: { mt: { xs: 2, sm: '12vh' } } },
        transition: {
          // After the dialog has given the focus back, so that the action may move it.
          onExited: () => {
            chosen.current?.run();
            chosen.current = null;
          },
        },
      }}
    >
      <Palette onChoose={close} />
    </Dialog>
  );
}

function Palette({ onChoose }: { onChoose: (entry: Entry) => void }) {
  const id = useId();
  const [words, setWords] = useState('');
  const [active, setActive] = useState(0);
  const { entries, error } = useEntries(words.trim());
  const index = Math.min(active, entries.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const entry = entries[index];
    if (event.key === 'ArrowDown') setActive((index + 1) % Math.max(1, entries.length));
    else if (event.key === 'ArrowUp') setActive((index + entries.length - 1) % Math.max(1, entries.length));
    else if (event.key === 'Enter' && entry) onChoose(entry);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <InputBase
        autoFocus
        fullWidth
        value={words}
        placeholder={texts.palette.placeholder}
        onChange={(event) => {
          setWords(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        inputProps={{
          role: 'combobox',
          'aria-label': texts.palette.open,
          'aria-expanded': entries.length > 0,
          'aria-autocomplete': 'list',
          'aria-controls': `${id}-list`,
          ...(entries.length ? { 'aria-activedescendant': `${id}-${index}` } : {}),
          maxLength: 200,
          dir: 'auto',
        }}
        sx={{ px: 2.5, py: 1.5, borderBottom: 1, borderColor: 'divider', fontSize: '1.05rem' }}
      />
      {error ? <ErrorNotice title={texts.palette.searchFailed} error={error} /> : null}
      <Box
        id={`${id}-list`}
        role="listbox"
        aria-label={texts.palette.title}
        tabIndex={-1}
        sx={{ p: 1, maxHeight: '50vh', overflowY: 'auto' }}
      >
        {entries.map((entry, at) => (
          <Box key={entry.id} role="presentation">
            {entry.group !== entries[at - 1]?.group && (
              <Typography variant="overline" color="textSecondary" component="div" role="presentation" sx={{ px: 1.5 }}>
                {texts.palette.groups[entry.group]}
              </Typography>
            )}
            <Box
              id={`${id}-${at}`}
              role="option"
              aria-selected={at === index}
              ref={at === index ? scrollIntoView : null}
              onClick={() => onChoose(entry)}
              onMouseMove={() => at !== index && setActive(at)}
              sx={{
                display: 'flex',
                gap: 1.5,
                px: 1.5,
                py: 0.75,
                borderRadius: 1,
                cursor: 'pointer',
                bgcolor: at === index ? 'action.selected' : 'transparent',
              }}
            >
              <Typography variant="body2" noWrap sx={{ flexShrink: 0, maxWidth: '70%' }}>
                <bdi>{entry.label}</bdi>
              </Typography>
              {entry.hint && (
                <Typography variant="body2" color="textSecondary" noWrap sx={{ minWidth: 0 }}>
                  <bdi>{entry.hint}</bdi>
                </Typography>
              )}
            </Box>
          </Box>
        ))}
      </Box>
      {!entries.length && (
        <Typography color="textSecondary" variant="body2" sx={{ px: 2.5, pb: 2 }}>
          {texts.palette.none}
        </Typography>
      )}
      <ScreenReaderText role="status">{texts.palette.results({ n: entries.length })}</ScreenReaderText>
    </>
  );
}

/** What matches the words: actions, pages and stages at once, conversations when the server has found them. */
function useEntries(words: string): { entries: Entry[]; error: unknown } {
  const navigate = useNavigate();
  const commands = useOfferedCommands();
  const stages = useQuery(stagesQuery());
  const sought = useDeferredValue(words);
  const conversations = useQuery({ ...conversationsQuery(sought), enabled: sought.length > 1 });
  const latest = useQuery(latestQuery());
  const sections = useSections();
  const open = (to: string) => () => void navigate(to);
  const groups: Entry[][] = [
    commands.map((each) => ({
      id: `action ${each.id}`,
      group: 'actions',
      label: each.label,
      hint: each.shortcut,
      run: each.run,
    })),
    sections
      .flatMap((each) => each.pages)
      .map((each) => ({ id: `page ${each.to}`, group: 'pages', label: each.label, run: open(each.to) })),
    (stages.data ?? []).map((each) => ({
      id: `stage ${each.stage_id}`,
      group: 'stages',
      label: each.stage_name,
      hint: each.stage_description ?? undefined,
      run: open(paths.stage(each.stage_id)),
    })),
  ];
  const [actions = [], pages = [], foundStages = []] = groups.map((each) =>
    each.filter((entry) => matches(entry, words)),
  );
  const found = new Map<string, Entry>();
  for (const row of [...(latest.data ?? []), ...(words.length > 1 ? (conversations.data ?? []) : [])]) {
    const entry: Entry = {
      id: `conversation ${row.conversation_id}`,
      group: 'conversations',
      label: row.customer_name ?? texts.inbox.unnamedCustomer,
      hint: row.last_message?.text,
      run: open(paths.inboxConversation(row.conversation_id)),
    };
    // The server finds whole words; names of the latest conversations match while the user types.
    if (words && (conversations.data?.includes(row) || matches(entry, words))) found.set(entry.id, entry);
  }
  return {
    entries: [
      ...actions.slice(0, words ? MAX_PER_GROUP : undefined),
      ...pages,
      ...[...found.values()].slice(0, MAX_PER_GROUP),
      ...(words ? foundStages.slice(0, MAX_PER_GROUP) : []),
    ],
    error: words.length > 1 ? conversations.error : null,
  };
}

/** Whether each word is the beginning of a word of the label. */
function matches(entry: Entry, words: string): boolean {
  const parts = entry.label.toLowerCase().split(/\s+/);
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => parts.some((part) => part.startsWith(word)));
}

const conversationsQuery = (q: string) =>
  queryOptions({
    queryKey: ['conversations', 'palette', q],
    queryFn: async ({ signal }) =>
      (
        await call('get', '/api/v1/conversations', {
          query: { q, limit: MAX_PER_GROUP },
          signal,
        })
      ).body,
    placeholderData: keepPreviousData,
  });

const latestQuery = () =>
  queryOptions({
    queryKey: ['conversations', 'palette', 'latest'],
    queryFn: async ({ signal }) =>
      (await call('get', '/api/v1/conversations', { query: { sort: 'latest', limit: 50 }, signal })).body,
  });

function scrollIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}
