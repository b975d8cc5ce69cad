import { fullTime, shortTime } from '@/lib/time';

/** A time in the user's time zone. The title shows the full date and time. */
export function Time({ iso, full = false, seconds = false }: { iso: string; full?: boolean; seconds?: boolean }) {
  return (
    <time dateTime={iso} title={fullTime(iso)}>
      {full ? fullTime(iso) : shortTime(iso, { seconds })}
    </time>
  );
}
