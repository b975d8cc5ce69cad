import { Box, Button, FormHelperText, FormLabel, IconButton, Paper, Stack } from '@mui/material';
import { type KeyboardEvent, useDeferredValue, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { texts } from '@/config/texts';
import { formatList } from '@/lib/intl';
import { type PlaceholderNames, type Suggestion, matchingSuggestions } from '@/lib/placeholderNames';
import { completePlaceholder, placeholderBeingTyped, unknownPlaceholders } from '@/lib/placeholders';
import { MONOSPACE } from '@/theme/theme';
import { HighlightedText } from './HighlightedText';
import { SuggestionList } from './SuggestionList';
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
  /** A small field with its label on the border: for one line, or for several. */
  compact?: 'line' | 'text';
  /** Replaces the hint. */
  error?: string | undefined;
}

const MAX_LENGTH = 100_000; // characters, the same maximum as the API's

/**
 * A text field for templates: highlights placeholders, completes names after `{` and warns about unknown names.
 *
 * A transparent textarea lies over a highlighted copy of its text. Typing, selection, undo and input methods are
 * therefore the browser's own, without loading an editor library.
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
  compact,
  error,
}: Props) {
  const id = useId();
  const optionId = (at: number) => `${id}-${at}`;
  const area = useRef<HTMLTextAreaElement>(null);
  const marker = useRef<HTMLSpanElement>(null);
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });

  const open = caret === null || readOnly ? null : placeholderBeingTyped(value, caret);
  const choices = open && closedAt !== open.start ? matchingSuggestions(names.suggestions, open.typed) : [];
  const openAt = open?.start ?? null;
  // A name that is already complete needs no suggestions.
  const isOpen = choices.length > 0 && !(choices.length === 1 && choices[0]?.name === open?.typed);
  const index = Math.min(active, choices.length - 1);
  const shown = useDeferredValue(value);
  const unknown = useMemo(() => (names.isLoaded ? unknownPlaceholders(shown, names.known) : []), [shown, names]);

  useLayoutEffect(() => {
    if (isOpen && openAt !== null && marker.current)
      setPlace({ left: marker.current.offsetLeft, top: marker.current.offsetTop + 24 });
  }, [isOpen, openAt]);

  const take = (choice: Suggestion) => {
    const field = area.current;
    if (!field || !open || caret === null) return;
    const { start, end, insert } = completePlaceholder(value, caret, open, choice.name);
    field.setSelectionRange(start, end);
    // execCommand inserts the text as if it were typed, so that undo works.
    if (!document.execCommand('insertText', false, insert)) onChange(value.slice(0, start) + insert + value.slice(end));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (!isOpen) {
      if (compact === 'line' && event.key === 'Enter') event.preventDefault();
      return;
    }
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

  const insertBrace = () => {
    const field = area.current;
    if (!field) return;
    field.focus();
    if (!document.execCommand('insertText', false, '{')) onChange(`${value}{`);
  };
  const size = compact
    ? { p: '8.5px 40px 8.5px 13px', minHeight: compact === 'line' ? 40 : 40 + 22 * (minRows - 1) }
    : { p: 1.5, minHeight: `${minRows * 1.36 + 1.5}rem` };

  const textStyle = {
    gridArea: '1 / 1',
    m: 0,
    border: 0,
    fontFamily: MONOSPACE,
    fontSize: '0.85rem',
    lineHeight: '1.6',
    letterSpacing: 0,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
    wordBreak: 'normal',
    tabSize: 4,
    boxSizing: 'border-box',
    unicodeBidi: 'plaintext', // each line has the direction of its text
    ...size,
  } as const;
  return (
    <Box sx={{ minWidth: 0, position: 'relative' }}>
      {!compact && (
        <Stack
          direction="row"
          useFlexGap
          sx={{ justifyContent: 'space-between', alignItems: 'baseline', flexWrap: 'wrap', mb: 0.5, columnGap: 1 }}
        >
          <FormLabel htmlFor={id} sx={{ fontWeight: 600, color: 'text.primary' }}>
            {label}
          </FormLabel>
          {!readOnly && (
            <Button size="small" startIcon={<VariablesIcon />} onClick={insertBrace}>
              {texts.templates.insert}
            </Button>
          )}
        </Stack>
      )}
      <Paper
        variant="outlined"
        sx={{
          position: 'relative',
          ...(compact ? { borderColor: 'rgba(var(--mui-palette-common-onBackgroundChannel) / 0.23)' } : {}),
          ...(error ? { borderColor: 'error.main' } : {}),
          '&:focus-within': { borderColor: 'primary.main', outline: '1px solid', outlineColor: 'primary.main' },
        }}
      >
        {compact && <CompactLabel id={id} label={label} isInvalid={Boolean(error)} />}
        {compact && !readOnly && (
          <IconButton
            size="small"
            title={texts.templates.insert}
            aria-label={texts.templates.insertInto({ label })}
            onClick={insertBrace}
            sx={{ position: 'absolute', right: 4, top: 4, zIndex: 1 }}
          >
            <VariablesIcon />
          </IconButton>
        )}
        <Box
          sx={{ display: 'grid', maxHeight: '65vh', overflow: 'auto', position: 'relative', borderRadius: 'inherit' }}
        >
          <Box component="pre" aria-hidden sx={{ ...textStyle, pointerEvents: 'none' }}>
            <HighlightedText text={value} names={names} markAt={open?.start ?? null} marker={marker} />
            {/* Gives an empty last line its height. */}
            {'\u200b'}
          </Box>
          <Box
            component="textarea"
            id={id}
            ref={area}
            value={value}
            readOnly={readOnly}
            maxLength={MAX_LENGTH}
            placeholder={placeholder}
            spellCheck={false}
            rows={1}
            aria-describedby={`${id}-help`}
            aria-invalid={error ? true : undefined}
            aria-autocomplete="list"
            {...(isOpen ? { 'aria-controls': `${id}-list`, 'aria-activedescendant': optionId(index) } : {})}
            onChange={(event: React.ChangeEvent<HTMLTextAreaElement>) => {
              const text = event.target.value;
              onChange(compact === 'line' ? text.replaceAll(/\s*\n\s*/g, ' ') : text);
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
              ...textStyle,
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
          <SuggestionList
            id={`${id}-list`}
            optionId={optionId}
            suggestions={choices}
            active={index}
            place={place}
            onTake={take}
          />
        )}
      </Paper>
      <FormHelperText
        id={`${id}-help`}
        component="div"
        error={Boolean(error)}
        sx={compact ? { mx: 1.75, mt: 0.5 } : {}}
      >
        {error ?? hint}
        {warningsOf(unknown, names.hasSecrets ?? false).map((warning) => (
          <Box
            key={warning}
            component="span"
            sx={{ display: 'block', color: 'warning.main', overflowWrap: 'anywhere' }}
          >
            {warning}
          </Box>
        ))}
      </FormHelperText>
      <Box
        role="status"
        sx={{ position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' }}
      >
        {isOpen ? texts.templates.suggestionsHint({ n: choices.length }) : ''}
      </Box>
    </Box>
  );
}

/** A label on the border, as text fields have it. */
function CompactLabel({ id, label, isInvalid }: { id: string; label: string; isInvalid: boolean }) {
  return (
    <FormLabel
      htmlFor={id}
      error={isInvalid}
      sx={{
        position: 'absolute',
        top: -9,
        left: 9,
        px: 0.6,
        maxWidth: 'calc(100% - 24px)',
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
        fontSize: '0.75rem',
        lineHeight: '18px',
        bgcolor: 'background.paper',
        zIndex: 1,
      }}
    >
      {label}
    </FormLabel>
  );
}

/** What is wrong with the unknown names in a template. */
function warningsOf(unknown: readonly string[], hasSecrets: boolean): string[] {
  const list = (isSecret: boolean) =>
    formatList(unknown.filter((each) => each.startsWith('secret.') === isSecret).map((each) => `{${each}}`));
  const { unknown: unknownText, unknownSecret, secretNotUsable } = texts.templates;
  return [
    ...(list(false) ? [unknownText({ names: list(false) })] : []),
    ...(list(true) ? [(hasSecrets ? unknownSecret : secretNotUsable)({ names: list(true) })] : []),
  ];
}
