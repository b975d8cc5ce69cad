import { useCallback } from 'react';
import { texts } from '@/config/texts';
import { useNotify } from './notify';

/** Returns a function that copies a text and says so. Browsers allow it only with HTTPS and on localhost. */
export function useCopy(): (text: string) => void {
  const notify = useNotify();
  return useCallback(
    (text) => {
      const fail = () => notify(texts.common.copyFailed);
      // Undefined without HTTPS, although its type says otherwise.
      const clipboard = navigator.clipboard as Clipboard | undefined;
      if (clipboard) clipboard.writeText(text).then(() => notify(texts.common.copied), fail);
      else fail();
    },
    [notify],
  );
}
