import { useEffect, useRef } from 'react';

const BOTTOM_MARGIN = 48; // pixels from the bottom that still count as the bottom

/** Keeps a scrolling element at the bottom as its content grows, unless the user has scrolled up. */
export function useStickToBottom() {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtBottom = useRef(true);
  useEffect(() => {
    const [box, inner] = [frame.current, content.current];
    if (!box || !inner) return;
    const stick = () => {
      if (isAtBottom.current) box.scrollTop = box.scrollHeight;
    };
    let lastTop = box.scrollTop;
    const onScroll = () => {
      // The event may arrive after the content has grown again. Only scrolling up means that the user left the bottom.
      if (box.scrollHeight - box.scrollTop - box.clientHeight < BOTTOM_MARGIN) isAtBottom.current = true;
      else if (box.scrollTop < lastTop) isAtBottom.current = false;
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
  const scrollToBottom = () => {
    isAtBottom.current = true;
    if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  };
  return { frame, content, scrollToBottom };
}
