import { useEffect, useState } from 'react';

/** Returns the value after it has not changed for `milliseconds`. */
export function useDebounced(value: string, milliseconds = 300): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
