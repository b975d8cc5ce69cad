import { Box, Button, FormHelperText, FormLabel, Paper, Stack, Typography } from '@mui/material';
import {
  type KeyboardEvent,
  type ReactNode,
  useDeferredValue,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { texts } from '@/config/texts';
import {
  type KnownNames,
  completePlaceholder,
  findPlaceholders,
  placeholderKind,
  placeholderBeingTyped,
} from '@/lib/placeholders';
import { type PlaceholderNames, type Suggestion, matchingSuggestions } from '@/lib/placeholderNames';
import { MONOSPACE } from '@/theme/theme';
import { TextWithCode } from './TextWithCode';
import { VariablesIcon } from './icons';

interface Props {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  names: PlaceholderNames;
  minRows?: number;
  readOnly?: boolean;
  placeholder?: string;
}

const MOST = 100_000; // characters, as the API's

/**
 * A text with variables in it: coloured, completed after `{`, and warned about.
 *
 * A transparent textarea lies over its own text, coloured; so typing, selecting, undoing, spelling and every input
 * method are the browser's, and there is no editor to load.
 */
export function PlaceholderEditor({
  label,
  hint,
  value,
  onChange,
  names,
  minRows = 4,
  readOnly = false,
  placeholder,
}: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const marker = useRef<HTMLSpanElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });

  const open = caret === null || readOnly ? null : placeholderBeingTyped(value, caret);
  const choices = open && closedAt !== open.start ? matchingSuggestions(names.suggestions, open.typed) : [];
  const openAt = open?.start ?? null;
  // What is written out already needs no completion.
  const isOpen = choices.length > 0 && !(choices.length === 1 && choices[0]?.name === open?.typed);
  const index = Math.min(active, choices.length - 1);
  const shown = useDeferredValue(value);
  const unknown = useMemo(() => unknownIn(shown, names), [shown, names]);

  useLayoutEffect(() => {
    if (isOpen && openAt !== null && marker.current)
      setPlace({ left: marker.current.offsetLeft, top: marker.current.offsetTop + 24 });
  }, [isOpen, openAt]);

  const take = (choice: Suggestion) => {
    const field = area.current;
    if (!field || !open || caret === null) return;
    const { start, end, insert } = completePlaceholder(value, caret, open, choice.name);
    field.setSelectionRange(start, end);
    // Typed in by the browser, so that undo takes it back.
    if (!document.execCommand('insertText', false, insert)) onChange(value.slice(0, start) + insert + value.slice(end));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen || event.nativeEvent.isComposing) return;
    const choice = choices[index];
    if (event.key === 'ArrowDown') setActive((index + 1) % choices.length);
    else if (event.key === 'ArrowUp') setActive((index + choices.length - 1) % choices.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && choice) take(choice);
    else if (event.key === 'Escape') {
      event.stopPropagation();
      setClosedAt(open?.start ?? null);
    } else return;
    event.preventDefault();
  };

  const begin = () => {
    const field = area.current;
    if (!field) return;
    field.focus();
    if (!document.execCommand('insertText', false, '{')) onChange(`${value}{`);
  };

  const both = {
    gridArea: '1 / 1',
    m: 0,
    p: 1.5,
    border: 0,
    fontFamily: MONOSPACE,
    fontSize: '0.85rem',
    lineHeight: '1.6',
    letterSpacing: 0,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    wordBreak: 'normal',
    tabSize: 4,
    minHeight: `${minRows * 1.36 + 1.5}rem`,
    boxSizing: 'border-box',
  } as const;
  return (
    <Box>
      <Stack
        direction="row"
        useFlexGap
        sx={{ justifyContent: 'space-between', alignItems: 'baseline', flexWrap: 'wrap', mb: 0.5, columnGap: 1 }}
      >
        <FormLabel htmlFor={id} sx={{ fontWeight: 600, color: 'text.primary' }}>
          {label}
        </FormLabel>
        {!readOnly && (
          <Button size="small" startIcon={<VariablesIcon />} onClick={begin}>
            {texts.templates.insert}
          </Button>
        )}
      </Stack>
      <Paper
        variant="outlined"
        sx={{
          position: 'relative',
          '&:focus-within': { borderColor: 'primary.main', outline: '1px solid', outlineColor: 'primary.main' },
        }}
      >
        <Box
          sx={{ display: 'grid', maxHeight: '65vh', overflow: 'auto', position: 'relative', borderRadius: 'inherit' }}
        >
          <Box component="pre" aria-hidden sx={{ ...both, pointerEvents: 'none' }}>
            <Coloured text={value} names={names} markAt={open?.start ?? null} marker={marker} />
            {/* A last line that is empty has a height only with something on it. */}
            {'\u200b'}
          </Box>
          <Box
            component="textarea"
            id={id}
            ref={area}
            value={value}
            readOnly={readOnly}
            maxLength={MOST}
            placeholder={placeholder}
            spellCheck={false}
            aria-describedby={`${id}-help`}
            aria-autocomplete="list"
            {...(isOpen ? { 'aria-controls': `${id}-list`, 'aria-activedescendant': `${id}-${index}` } : {})}
            onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) => {
              onChange(event.target.value);
              setCaret(event.target.selectionStart);
              setActive(0);
              setClosedAt((last) =>
                placeholderBeingTyped(event.target.value, event.target.selectionStart)?.start === last ? last : null,
              );
            }}
            onSelect={(event: React.SyntheticEvent<HTMLTextAreaElement>) =>
              setCaret(event.currentTarget.selectionStart)
            }
            onBlur={() => setCaret(null)}
            onKeyDown={onKeyDown}
            sx={{
              ...both,
              width: '100%',
              height: '100%',
              resize: 'none',
              overflow: 'hidden',
              background: 'transparent',
              color: 'transparent',
              outline: 'none',
              caretColor: 'var(--mui-palette-text-primary)',
              '&::placeholder': { color: 'text.secondary', opacity: 1 },
              '&::selection': { backgroundColor: 'rgba(90, 150, 160, 0.35)', color: 'transparent' },
            }}
          />
        </Box>
        {isOpen && (
          <Paper
            elevation={6}
            component="ul"
            role="listbox"
            id={`${id}-list`}
            aria-label={texts.templates.suggestions}
            sx={{
              position: 'absolute',
              zIndex: 5,
              m: 0,
              p: 0.5,
              listStyle: 'none',
              width: 340,
              maxWidth: 'calc(100% - 16px)',
              border: 1,
              borderColor: 'divider',
              left: `clamp(8px, ${place.left}px, calc(100% - 348px))`,
              top: place.top,
            }}
          >
            {choices.map((choice, at) => (
              <Box
                component="li"
                key={choice.name}
                id={`${id}-${at}`}
                role="option"
                aria-selected={at === index}
                onMouseDown={(event: React.MouseEvent) => {
                  event.preventDefault();
                  take(choice);
                }}
                sx={{
                  px: 1,
                  py: 0.5,
                  borderRadius: 1,
                  cursor: 'pointer',
                  bgcolor: at === index ? 'action.selected' : 'transparent',
                  '&:hover': { bgcolor: 'action.hover' },
                }}
              >
                <Typography component="span" sx={{ fontFamily: MONOSPACE, fontSize: '0.85rem', display: 'block' }}>
                  {choice.name}
                </Typography>
                <Typography component="span" variant="caption" color="textSecondary" noWrap sx={{ display: 'block' }}>
                  <TextWithCode text={choice.description} />
                </Typography>
              </Box>
            ))}
          </Paper>
        )}
      </Paper>
      <FormHelperText id={`${id}-help`} component="div">
        {hint}
        {unknown.length > 0 && (
          <Box component="span" sx={{ display: 'block', color: 'warning.main', overflowWrap: 'anywhere' }}>
            {texts.templates.unknown(unknown.map((each) => `{${each}}`).join(', '))}
          </Box>
        )}
      </FormHelperText>
      <Box
        role="status"
        sx={{ position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' }}
      >
        {isOpen ? texts.templates.suggestionsHint(choices.length) : ''}
      </Box>
    </Box>
  );
}

const COLOURS = {
  variable: { color: 'primary.main', bgcolor: 'action.hover', borderRadius: '3px' },
  field: { color: 'success.main', bgcolor: 'action.hover', borderRadius: '3px' },
  unknown: {
    color: 'warning.main',
    textDecoration: 'underline wavy',
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
  },
} as const;

function Coloured({
  text,
  names,
  markAt,
  marker,
}: {
  text: string;
  names: PlaceholderNames;
  markAt: number | null;
  marker: React.RefObject<HTMLSpanElement | null>;
}) {
  const parts: ReactNode[] = [];
  let at = 0;
  const plain = (end: number) => {
    if (markAt !== null && markAt >= at && markAt <= end) {
      parts.push(text.slice(at, markAt), <span key="marker" ref={marker} />, text.slice(markAt, end));
    } else parts.push(text.slice(at, end));
    at = end;
  };
  for (const each of findPlaceholders(text)) {
    const kind = placeholderKind(each, names.known);
    if (kind === 'text' || (kind === 'unknown' && !names.isLoaded)) continue;
    plain(each.start);
    const inside = text.slice(each.start, each.end);
    const mark = markAt !== null && markAt > each.start && markAt < each.end ? markAt - each.start : null;
    parts.push(
      <Box component="span" key={each.start} data-kind={kind} sx={COLOURS[kind]}>
        {mark === null ? (
          inside
        ) : (
          <>
            {inside.slice(0, mark)}
            <span ref={marker} />
            {inside.slice(mark)}
          </>
        )}
      </Box>,
    );
    at = each.end;
  }
  plain(text.length);
  return parts;
}

export function unknownIn(text: string, names: { known: KnownNames; isLoaded: boolean }): string[] {
  if (!names.isLoaded) return [];
  const unknown = findPlaceholders(text).filter(
    (each) => placeholderKind(each, names.known) === 'unknown' && each.fallback === null,
  );
  return [...new Set(unknown.map((each) => each.written))];
}
