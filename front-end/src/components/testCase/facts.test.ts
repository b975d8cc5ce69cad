import { expect, test } from 'vitest';
import type { Stage } from '@/lib/types';
import { factsOf, fieldTypesOf, pairsOf } from './facts';

const stage = {
  extraction_schema: { type: 'object', properties: { number: { type: 'string' }, pieces: { type: 'integer' }, x: {} } },
} as unknown as Stage;
const types = fieldTypesOf([stage]);

test('fields get the types that their stages extract', () => {
  const pairs = [
    { name: ' number ', text: '10433' },
    { name: 'pieces', text: '3' },
    { name: 'unknown', text: '3' },
    { name: 'x', text: ' ' },
    { name: '', text: 'left out' },
  ];
  expect(factsOf(pairs, {}, types)).toEqual({ number: '10433', pieces: 3, unknown: '3', x: null });
});

test('values whose texts do not change stay the same', () => {
  const stored = { list: [1, 2], yes: true, none: null, blank: '', number: 10433 };
  expect(factsOf(pairsOf(stored), stored, types)).toEqual(stored);
});
