import { texts } from '@/config/texts';
import { elapsedSince } from '@/lib/time';

/** How long ago a time was, such as “12 min”. */
export function durationSince(iso: string, now: number): string {
  const { unit, value } = elapsedSince(iso, now);
  return texts.inbox.durations[unit]({ n: value });
}
