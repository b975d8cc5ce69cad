import { expect, test } from 'vitest';
import type { Stage } from '@/lib/types';
import { START, type Transition, arcsOf, rowsOfMap } from './arcs';

const stage = (id: string, isActive = true) =>
  ({ stage_id: id, stage_name: id.toUpperCase(), is_active: isActive }) as Stage;
const transitions: Transition[] = [
  { from_stage_id: null, to_stage_id: 'a', turns: 8 },
  { from_stage_id: 'a', to_stage_id: 'a', turns: 6 },
  { from_stage_id: 'a', to_stage_id: 'c', turns: 2 },
  { from_stage_id: 'gone', to_stage_id: 'a', turns: 1 },
];
const rows = rowsOfMap([stage('a'), stage('b', false), stage('c', false), stage('d')], transitions, 'Start');

test('inactive stages are shown only if a message has reached them', () => {
  expect(rows.map((each) => [each.id, each.turns])).toEqual([
    [START, 8],
    ['a', 15],
    ['c', 2],
    ['d', 0],
  ]);
});

test('messages that stay in their stage have no arc, and the most frequent transition has the thickest one', () => {
  const arcs = arcsOf(rows, transitions);
  expect(arcs.map((each) => [each.from, each.to])).toEqual([
    [START, 'a'],
    ['a', 'c'],
  ]);
  expect(arcs[0]?.stroke).toBe(7);
  expect(arcs[1]?.stroke).toBeLessThan(7);
});
