/** Sizes of charts, and what is drawn where. */

import { scaleBand, scaleLinear } from '@visx/scale';
import { direction } from '@/config/language';

export const HEIGHT = 220; // pixels
const TOP = 10; // pixels above the highest value
const BOTTOM = 24; // pixels for the labels below
const AXIS = 52; // pixels for the values beside the chart
const LABEL_WIDTH = 62; // pixels that a label below needs
const MAX_TICKS = 4;

/** The scales of a chart with this many points side by side. Time runs in the direction of the text. */
export function scalesOf(width: number, points: number, max: number) {
  const isMirrored = direction === 'rtl';
  const [left, right] = isMirrored ? [4, width - AXIS] : [AXIS, width - 4];
  const x = scaleBand<number>({
    domain: Array.from({ length: points }, (_, index) => index),
    range: isMirrored ? [right, left] : [left, right],
    paddingInner: points > 60 ? 0.1 : 0.25,
    paddingOuter: 0.1,
  });
  const y = scaleLinear<number>({ domain: [0, max || 1], range: [HEIGHT - BOTTOM, TOP], nice: MAX_TICKS });
  const every = Math.max(1, Math.ceil(points / Math.max(1, Math.floor((right - left) / LABEL_WIDTH))));
  return {
    x,
    y,
    left,
    right,
    isMirrored,
    centreOf: (index: number) => (x(index) ?? 0) + x.bandwidth() / 2,
    /** Whether there is space for the label of this point. */
    hasLabel: (index: number) => index % every === 0,
    ticks: y.ticks(MAX_TICKS),
    /** The point at this horizontal position. */
    indexAt: (position: number) => {
      const index = Math.floor(((position - left) / Math.max(1, right - left)) * points);
      return Math.min(points - 1, Math.max(0, isMirrored ? points - 1 - index : index));
    },
  };
}

export type Scales = ReturnType<typeof scalesOf>;

/** The largest value that a chart shows: of one series, or of all on top of each other. */
export function maxOf(series: readonly (readonly (number | null)[])[], isStacked: boolean): number {
  if (!isStacked) return Math.max(0, ...series.flatMap((values) => values.map((value) => value ?? 0)));
  const length = Math.max(0, ...series.map((values) => values.length));
  return Math.max(
    0,
    ...Array.from({ length }, (_, index) => series.reduce((sum, values) => sum + (values[index] ?? 0), 0)),
  );
}
