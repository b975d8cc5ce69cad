import { type ComponentType, Suspense, createElement, lazy, useState } from 'react';
import { withTexts } from '@/config/translate';

/**
 * A dialog, menu or drawer whose code is not loaded together with the page. It is loaded when the browser has nothing else
 * to do, so that it opens at once and also while the server cannot be reached, or else when it is first opened.
 */
export function loadWhenOpened<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Loaded: ComponentType<Props> = lazy(async () => ({ default: await withTexts(load()) }));
  whenIdle(() => void load().catch(() => undefined)); // an error is shown if it occurs again when it is opened
  return function LoadedWhenOpened(props: Props) {
    const { open: isOpen = true } = props as Props & { open?: boolean };
    const [wasOpened, setWasOpened] = useState(isOpen);
    if (isOpen && !wasOpened) setWasOpened(true);
    // Stays mounted afterwards, so that it can be animated when it closes.
    return wasOpened && <Suspense>{createElement(Loaded, props)}</Suspense>;
  };
}

function whenIdle(run: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(run);
  else setTimeout(run, 1000); // Safari
}
