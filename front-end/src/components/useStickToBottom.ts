import { useCallback, useEffect, useRef } from 'react';

const BOTTOM_MARGIN = 48; // pixels from the bottom that still count as the bottom

/** Keeps a scrolling element at the bottom as its content grows, unless the user has scrolled up. */
export function useStickToBottom() {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtBottom = useRef(true);
  useEffect(() => {
    const [box, inner] = [frame.current, content.current];
    if (!box || !inner) return;
    let lastTop = 0;
    let lastHeight = 0; // of the content, when its size was last observed
    const stick = () => {
      if (isAtBottom.current) box.scrollTop = box.scrollHeight;
      lastTop = box.scrollTop;
      lastHeight = box.scrollHeight;
    };
    const onScroll = () => {
      // Only scrolling up means that the user has left the bottom. Content that becomes shorter also moves the position
      // up, and may have grown again before this event; its change of size is observed after it.
      if (box.scrollHeight - box.scrollTop - box.clientHeight < BOTTOM_MARGIN) isAtBottom.current = true;
      else if (box.scrollTop < lastTop && box.scrollHeight === lastHeight) isAtBottom.current = false;
      lastTop = box.scrollTop;
    };
    const observer = new ResizeObserver(stick);
    observer.observe(box);
    observer.observe(inner);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, []);
  /** Scrolls to the bottom, even if the user has scrolled up. */
  const scrollToBottom = useCallback(() => {
    isAtBottom.current = true;
    if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, []);
  return { frame, content, scrollToBottom };
}
