/** Short success messages in a snackbar. Errors are shown where they occur instead. */

import { Snackbar } from '@mui/material';
import { type ReactNode, createContext, useCallback, useContext, useMemo, useState } from 'react';

const Context = createContext<(text: string) => void>(() => undefined);

export function NotifyProvider({ children }: { children: ReactNode }) {
  const [notice, setNotice] = useState<{ text: string; key: number; open: boolean }>({ text: '', key: 0, open: false });
  const notify = useCallback((text: string) => setNotice((last) => ({ text, key: last.key + 1, open: true })), []);
  return (
    <Context value={useMemo(() => notify, [notify])}>
      {children}
      <Snackbar
        key={notice.key}
        open={notice.open}
        message={notice.text}
        autoHideDuration={4000}
        onClose={(_, reason) => reason !== 'clickaway' && setNotice((last) => ({ ...last, open: false }))}
      />
    </Context>
  );
}

export function useNotify(): (text: string) => void {
  return useContext(Context);
}
