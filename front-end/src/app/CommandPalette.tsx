import { Suspense, lazy, useEffect, useState } from 'react';
import { withTexts } from '@/config/translate';

const load = () => withTexts(import('./PaletteDialog'));
const PaletteDialog = lazy(load);

/** Opens the command palette on every page with Ctrl+K or ⌘K. */
export function CommandPalette() {
  const [isOpen, setOpen] = useState<boolean | null>(null);
  useEffect(() => {
    // Load the code before it is needed: what the user types meanwhile would go to the page.
    load().catch(() => undefined);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      setOpen((last) => !last);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  if (isOpen === null) return null;
  return (
    <Suspense fallback={null}>
      <PaletteDialog open={isOpen} onClose={() => setOpen(false)} />
    </Suspense>
  );
}
