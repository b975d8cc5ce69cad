import { Box } from '@mui/material';
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface Props {
  /** What the button does. Its `aria-label` says the same, because screen readers do not read the tooltip. */
  title: string;
  /** A button. */
  children: ReactNode;
  /** Whether the button only shows the tooltip, so that it can be read on a phone. */
  showOnClick?: boolean;
}

const DELAY = 400; // milliseconds
const SPACE_BELOW = 60; // pixels in which a tooltip fits

/** Shows what a button does while the pointer or the keyboard focus is on it. MUI's tooltip is twelve times as large. */
export function Tooltip({ title, children, showOnClick = false }: Props) {
  const wrapper = useRef<HTMLSpanElement>(null);
  const timer = useRef(0);
  const [position, setPosition] = useState<Position | null>(null);
  const show = () => {
    if (wrapper.current) setPosition(nextTo(wrapper.current.getBoundingClientRect()));
  };
  const hide = () => {
    window.clearTimeout(timer.current);
    setPosition(null);
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);
  useEffect(() => {
    if (!position) return;
    const onKeyDown = (event: KeyboardEvent) => event.key === 'Escape' && setPosition(null);
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [position]);
  return (
    <Box
      component="span"
      ref={wrapper}
      sx={{ display: 'inline-flex', flexShrink: 0 }}
      onPointerEnter={(event) => {
        if (event.pointerType === 'mouse') timer.current = window.setTimeout(show, DELAY);
      }}
      onPointerLeave={hide}
      onClick={showOnClick ? show : hide}
      onFocus={(event) => event.target.matches(':focus-visible') && show()}
      onBlur={hide}
    >
      {children}
      {position && (
        <Box
          component="span"
          popover="manual" // above dialogs, and not cut off where its container scrolls
          role="tooltip"
          ref={(element: HTMLElement | null) => element?.showPopover()}
          style={position}
          sx={{ position: 'fixed', inset: 'auto', m: 0, p: 0, py: 0.75, border: 0, bgcolor: 'transparent' }}
        >
          <Box
            component="span"
            sx={{
              display: 'block',
              maxWidth: 300,
              px: 1,
              py: 0.5,
              borderRadius: 1,
              bgcolor: 'text.primary',
              color: 'background.paper',
              fontSize: '0.75rem',
            }}
          >
            {title}
          </Box>
        </Box>
      )}
    </Box>
  );
}

type Position = Partial<Record<'left' | 'right' | 'top' | 'bottom', number>>;

/** Below the button or above it, and towards the middle of the window. */
function nextTo(button: DOMRect): Position {
  const { innerWidth: width, innerHeight: height } = window;
  return {
    ...(button.left + button.right > width ? { right: width - button.right } : { left: button.left }),
    ...(button.bottom + SPACE_BELOW > height ? { bottom: height - button.top } : { top: button.bottom }),
  };
}
