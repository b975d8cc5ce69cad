import { fullTime, shortTime } from '@/lib/time';

/** A moment in the viewer's zone; its exact form on hovering. */
export function Time({ iso, full = false, seconds = false }: { iso: string; full?: boolean; seconds?: boolean }) {
  return (
    <time dateTime={iso} title={fullTime(iso)}>
      {full ? fullTime(iso) : shortTime(iso, { seconds })}
    </time>
  );
}
