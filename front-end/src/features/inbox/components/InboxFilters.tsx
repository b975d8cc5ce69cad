import { Box, Chip, IconButton, InputAdornment, Stack } from '@mui/material';
import { type Ref, useEffect, useRef, useState } from 'react';
import { CloseIcon, SearchIcon } from '@/components/icons';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { formatUpTo } from '@/lib/intl';
import { useSession } from '@/lib/session';
import type { Counts } from '@/lib/types';
import { type InboxFilters as Filters, VIEWS } from '../api/filters';

interface Props {
  filters: Filters;
  counts: Counts | undefined;
  onChange: (changes: Partial<Filters>) => void;
  searchField: Ref<HTMLInputElement>;
}

const TYPING_PAUSE = 300; // milliseconds after the last key until the search starts

/** The search field and the filters of the list, with the number of conversations in each. */
export function InboxFilters({ filters, counts, onChange, searchField }: Props) {
  const { me } = useSession();
  const [words, setWords] = useState(filters.q ?? '');
  const [shown, setShown] = useState(filters.q);
  if (shown !== filters.q) {
    // The query string has changed otherwise, for example because the filters were cleared.
    setShown(filters.q);
    if ((filters.q ?? '') !== words.trim()) setWords(filters.q ?? '');
  }
  const change = useRef(onChange);
  useEffect(() => {
    change.current = onChange;
  });
  useEffect(() => {
    const q = words.trim() || null;
    if (q === filters.q) return;
    const timer = setTimeout(() => change.current({ q }), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [words, filters.q]);
  return (
    <Stack spacing={1} sx={{ px: 2, pb: 1.25 }}>
      <TextField
        type="text"
        value={words}
        onChange={(event) => setWords(event.target.value)}
        placeholder={texts.inbox.searchHint}
        slotProps={{
          htmlInput: { ref: searchField, 'aria-label': texts.inbox.searchHint, maxLength: 200, dir: 'auto' },
          input: {
            startAdornment: (
              <InputAdornment position="start">
                <SearchIcon aria-hidden />
              </InputAdornment>
            ),
            endAdornment: words && (
              <InputAdornment position="end">
                <IconButton size="small" edge="end" aria-label={texts.inbox.clearSearch} onClick={() => setWords('')}>
                  <CloseIcon />
                </IconButton>
              </InputAdornment>
            ),
          },
        }}
      />
      <Box role="group" aria-label={texts.inbox.viewsLabel} sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75 }}>
        {VIEWS.filter((view) => view !== 'mine' || me.user).map((view) => {
          const n = view === 'all' ? undefined : counts?.[view];
          const label = texts.inbox.views[view];
          const isOn = filters.view === view;
          return (
            <Chip
              key={view}
              size="small"
              clickable
              component="button"
              aria-pressed={isOn}
              variant={isOn ? 'filled' : 'outlined'}
              color={isOn ? 'primary' : 'default'}
              onClick={() => onChange({ view })}
              label={
                <>
                  {label}{' '}
                  {n ? (
                    <Box component="span" sx={{ ml: 0.25, fontWeight: 700 }}>
                      {formatUpTo(999, n)}
                    </Box>
                  ) : null}
                </>
              }
            />
          );
        })}
        {filters.tag && (
          <Chip
            size="small"
            color="primary"
            clickable
            component="button"
            label={texts.inbox.tagFilter({ tag: filters.tag })}
            title={texts.inbox.clearTag}
            onClick={() => onChange({ tag: null })}
            onDelete={() => onChange({ tag: null })}
          />
        )}
      </Box>
    </Stack>
  );
}
