import { describe, expect, it } from 'vitest';
import type { Stage } from '@/lib/types';
import { likelyStage } from './likelyStage';

const stage = (name: string, ...examples: string[]) =>
  ({ stage_id: name, stage_name: name, stage_description: '', example_messages: examples }) as unknown as Stage;

const ORDERS = stage('Orders', 'Where is my parcel?', 'Has my order been shipped?');
const RETURNS = stage('Returns', 'I want to send my order back');

describe('likelyStage', () => {
  it('chooses the stage that shares most words with the message', () => {
    expect(likelyStage('Was my parcel SHIPPED already?', [RETURNS, ORDERS])).toBe(ORDERS);
  });
  it('chooses none if nothing is shared or several stages share equally much', () => {
    expect(likelyStage('Hello', [RETURNS, ORDERS])).toBeNull();
    expect(likelyStage('My order', [RETURNS, ORDERS])).toBeNull();
  });
});
