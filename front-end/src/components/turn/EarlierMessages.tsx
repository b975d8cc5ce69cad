import { Button } from '@mui/material';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { texts } from '@/config/texts';
import type { Earlier } from '@/lib/thread';

const MARGIN = 200; // pixels from the top, within which scrolling up loads earlier messages

interface Props {
  earlier: Earlier;
  /** The element that scrolls. With it, scrolling up loads earlier messages too. */
  frame?: RefObject<HTMLElement | null>;
}

/** Loads earlier messages above the first one. It belongs into the log, which gets the focus when there are no more. */
export function EarlierMessages({ earlier, frame }: Props) {
  const { isLoading, load } = earlier;
  const button = useRef<HTMLButtonElement>(null);
  const isScrolledByFocus = useRef(false);
  useEffect(() => {
    const box = frame?.current;
    if (!box) return;
    let lastTop = box.scrollTop;
    const onScroll = () => {
      const isUp = box.scrollTop < lastTop;
      lastTop = box.scrollTop;
      if (isUp && box.scrollTop < MARGIN && !isLoading && !isScrolledByFocus.current) void load();
      isScrolledByFocus.current = false;
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => box.removeEventListener('scroll', onScroll);
  }, [frame, isLoading, load]);
  useLayoutEffect(() => {
    const [element, log] = [button.current, button.current?.closest<HTMLElement>('[role="log"]')];
    return () => {
      if (document.activeElement === element) log?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <Button
      ref={button}
      // Focusing the button scrolls to it, but whether to press it is up to the user.
      onFocus={() => {
        isScrolledByFocus.current = true;
      }}
      // Not `disabled`, which would lose the focus.
      aria-disabled={isLoading}
      onClick={() => {
        if (!isLoading) void load();
      }}
      sx={{ alignSelf: 'center', overflowAnchor: 'none' }}
    >
      {isLoading ? texts.chat.loadingEarlier : texts.chat.earlier}
    </Button>
  );
}

/** Keeps the messages where they are on the screen when earlier ones are added above them. The frame must have
 * `overflow-anchor: none`, and the messages `data-message`. */
export function useKeepPosition(frame: RefObject<HTMLElement | null>, firstId: string | undefined): void {
  const before = useRef<{ id: string; top: number } | null>(null);
  useLayoutEffect(() => {
    const box = frame.current;
    const topOf = (id: string) => box?.querySelector<HTMLElement>(`[data-message="${id}"]`)?.offsetTop;
    const was = before.current;
    const top = was && topOf(was.id);
    if (box && was && top != null) box.scrollBy({ top: top - was.top });
    const first = firstId === undefined ? undefined : topOf(firstId);
    before.current = firstId !== undefined && first !== undefined ? { id: firstId, top: first } : null;
  }, [frame, firstId]);
}
