import { describe, expect, it } from 'vitest';
import type { Stage } from '@/lib/types';
import { likelyStages } from './likelyStages';

const stage = (name: string, ...examples: string[]) =>
  ({ stage_id: name, stage_name: name, stage_description: '', example_messages: examples }) as unknown as Stage;

const ORDERS = stage('Orders', 'Where is my parcel?', 'Has my order been shipped?');
const RETURNS = stage('Returns', 'I want to send my order back');

describe('likelyStages', () => {
  it('puts the stage first that shares most words with the message', () => {
    expect(likelyStages('Was my ordered parcel SHIPPED already?', [RETURNS, ORDERS])).toEqual([ORDERS, RETURNS]);
  });
  it('leaves out stages that share none, and all but three', () => {
    expect(likelyStages('Hello', [RETURNS, ORDERS])).toEqual([]);
    expect(likelyStages('Where is my parcel?', [RETURNS, ORDERS, ORDERS, ORDERS, ORDERS])).toEqual([
      ORDERS,
      ORDERS,
      ORDERS,
    ]);
  });
});
