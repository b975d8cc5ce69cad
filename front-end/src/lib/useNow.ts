import { useEffect, useState } from 'react';

/** The current time in milliseconds, updated at an interval, for durations that a page shows. */
export function useNow(interval = 20_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}
