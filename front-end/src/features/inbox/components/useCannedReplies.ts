import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type RefObject, useId, useState } from 'react';
import { asApiError, type ApiError } from '@/lib/errors';
import { cannedRepliesQuery } from '@/lib/queries';
import { renderCannedReply } from '../api/actions';
import type { CannedReply } from '@/lib/types';
import { matchingReplies, slashBefore } from './slash';

interface Field {
  conversationId: string;
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onChange: (text: string) => void;
  enabled: boolean;
}

/** Completes `/shortcut` in a text field with the text of a canned reply. */
export function useCannedReplies({ conversationId, area, text, onChange, enabled }: Field) {
  const id = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const slash = enabled && caret !== null ? slashBefore(text, caret) : null;
  const replies = useQuery({ ...cannedRepliesQuery(), enabled: slash !== null });
  const isOpen = slash !== null && slash.start !== closedAt && replies.data !== undefined;
  const choices = isOpen ? matchingReplies(replies.data, slash.typed) : [];
  const index = Math.min(active, choices.length - 1);

  const take = async (reply: CannedReply) => {
    const field = area.current;
    if (!field || !slash || caret === null) return;
    setClosedAt(slash.start);
    setError(null);
    let inserted: string;
    try {
      const rendered = await renderCannedReply(reply.canned_reply_id, conversationId);
      inserted = rendered.text;
      setMissing(rendered.missing);
    } catch (problem) {
      return setError(asApiError(problem));
    }
    field.focus();
    field.setSelectionRange(slash.start, caret);
    // execCommand inserts the text as if it were typed, so that undo works.
    if (!document.execCommand('insertText', false, inserted)) {
      onChange(text.slice(0, slash.start) + inserted + text.slice(caret));
    }
    setClosedAt(null);
  };

  /** Handles a key while the list is open. Returns whether it did. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen || event.nativeEvent.isComposing) return false;
    const choice = choices[index];
    if (event.key === 'Escape') setClosedAt(slash.start);
    else if (!choice) return false;
    else if (event.key === 'ArrowDown') setActive((index + 1) % choices.length);
    else if (event.key === 'ArrowUp') setActive((index + choices.length - 1) % choices.length);
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') void take(choice);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  /** Types the slash, for those who do not know it. */
  const open = () => {
    const field = area.current;
    if (!field) return;
    field.focus();
    const before = text.slice(0, field.selectionStart);
    const typed = before === '' || /\s$/.test(before) ? '/' : ' /';
    if (!document.execCommand('insertText', false, typed)) onChange(text + typed);
  };

  return {
    id,
    isOpen,
    choices,
    index,
    isEmpty: replies.data?.length === 0,
    error: error ?? (slash && replies.error ? asApiError(replies.error) : null),
    /** The variables without a value in the reply that was inserted last. */
    missing,
    clearError: () => setError(null),
    clearMissing: () => setMissing([]),
    take: (reply: CannedReply) => void take(reply),
    open,
    onKeyDown,
    /** The text or the position of the caret has changed. */
    onCaret: (position: number | null) => {
      setCaret(position);
      setActive(0);
    },
  };
}
