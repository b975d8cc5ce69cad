import { Box } from '@mui/material';
import type { ReactNode, RefObject } from 'react';
import { findPlaceholders, placeholderKind } from '@/lib/placeholders';
import type { PlaceholderNames } from '@/lib/placeholderNames';

const STYLES = {
  variable: { color: 'primary.main', bgcolor: 'action.hover', borderRadius: '3px' },
  field: { color: 'success.main', bgcolor: 'action.hover', borderRadius: '3px' },
  unknown: {
    color: 'warning.main',
    textDecoration: 'underline wavy',
    textDecorationThickness: '1px',
    textUnderlineOffset: '3px',
  },
} as const;

interface Props {
  text: string;
  names: PlaceholderNames;
  /** Where to put the marker, whose position is that of the suggestion list; null for none. */
  markAt: number | null;
  marker: RefObject<HTMLSpanElement | null>;
}

/** The text with its placeholders highlighted by kind. */
export function HighlightedText({ text, names, markAt, marker }: Props) {
  const parts: ReactNode[] = [];
  let position = 0;
  const addPlainText = (end: number) => {
    if (markAt !== null && markAt >= position && markAt <= end) {
      parts.push(text.slice(position, markAt), <span key="marker" ref={marker} />, text.slice(markAt, end));
    } else parts.push(text.slice(position, end));
    position = end;
  };
  for (const each of findPlaceholders(text)) {
    const kind = placeholderKind(each, names.known);
    if (kind === 'text' || (kind === 'unknown' && !names.isLoaded)) continue;
    addPlainText(each.start);
    const inside = text.slice(each.start, each.end);
    const mark = markAt !== null && markAt > each.start && markAt < each.end ? markAt - each.start : null;
    parts.push(
      <Box component="span" key={each.start} data-kind={kind} sx={STYLES[kind]}>
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
    position = each.end;
  }
  addPlainText(text.length);
  return parts;
}
