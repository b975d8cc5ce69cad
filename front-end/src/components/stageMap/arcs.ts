/** The map of stages: its rows, and the arcs between them. */

import type { Stage, StageTransitions } from '@/lib/types';

export type Transition = StageTransitions['transitions'][number];

export const ROW_HEIGHT = 52; // pixels
export const MAX_ARC_WIDTH = 150; // pixels
const MAX_STROKE = 7; // pixels
const OFFSET = 7; // pixels between the end and the start of arcs in a row

/** The row of conversations that have no stage yet. */
export const START = 'start';

export interface MapRow {
  id: string;
  name: string;
  isActive: boolean;
  /** The messages that the stage has answered; for the start, those that began a conversation. */
  turns: number;
}

export interface Arc {
  from: string;
  to: string;
  turns: number;
  path: string;
  stroke: number;
}

/** The start and the stages, in their order. Inactive stages are left out if nothing has reached them. */
export function rowsOfMap(stages: readonly Stage[], transitions: readonly Transition[], start: string): MapRow[] {
  const count = (isCounted: (each: Transition) => boolean) =>
    transitions.filter(isCounted).reduce((sum, each) => sum + each.turns, 0);
  const rows = stages.map((stage) => ({
    id: stage.stage_id,
    name: stage.stage_name,
    isActive: stage.is_active,
    turns: count((each) => each.to_stage_id === stage.stage_id),
  }));
  return [
    { id: START, name: start, isActive: true, turns: count((each) => each.from_stage_id === null) },
    ...rows.filter((each) => each.isActive || each.turns > 0),
  ];
}

/** The arcs between different rows, the thickest for the most frequent transition. */
export function arcsOf(rows: readonly MapRow[], transitions: readonly Transition[]): Arc[] {
  const places = new Map(rows.map((row, index) => [row.id, index]));
  const moves = transitions.filter((each) => each.from_stage_id !== each.to_stage_id);
  const most = Math.max(1, ...moves.map((each) => each.turns));
  return moves.flatMap(({ from_stage_id: before, to_stage_id: to, turns }) => {
    const from = before ?? START;
    const [start, end] = [places.get(from), places.get(to)];
    if (start === undefined || end === undefined) return [];
    const [y1, y2] = [centre(start) + OFFSET, centre(end) - OFFSET];
    const width = Math.min(MAX_ARC_WIDTH, 28 + 20 * Math.abs(start - end));
    return [
      {
        from,
        to,
        turns,
        path: `M 0 ${y1} C ${width} ${y1}, ${width} ${y2}, 8 ${y2}`,
        stroke: 1.5 + (MAX_STROKE - 1.5) * Math.sqrt(turns / most),
      },
    ];
  });
}

function centre(row: number): number {
  return row * ROW_HEIGHT + ROW_HEIGHT / 2;
}
