import { useEffect, useRef } from 'react';

const NEAR = 48; // pixels from the end that still count as being there

/** A scrolling frame that follows the end of its content, as it and its content change, for whoever has not scrolled away from it. */
export function useStickToBottom() {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const [box, inner] = [frame.current, content.current];
    if (!box || !inner) return;
    const toEnd = () => {
      if (isAtEnd.current) box.scrollTop = box.scrollHeight;
    };
    const scrolled = () => {
      isAtEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    };
    const observer = new ResizeObserver(toEnd);
    observer.observe(box);
    observer.observe(inner);
    box.addEventListener('scroll', scrolled, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', scrolled);
    };
  }, []);
  /** Whatever was scrolled to before: something new is said. */
  const goToEnd = () => {
    isAtEnd.current = true;
    if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  };
  return { frame, content, goToEnd };
}
