import { expect, test } from 'vitest';
import type { Article } from '@/lib/types';
import { bodyOf, valuesOf } from './articleForm';

const ARTICLE: Article = {
  article_id: '1',
  business_id: '2',
  title: 'Returns',
  content: '## Time\n30 days',
  language: 'en',
  tags: ['orders', 'returns'],
  valid_from: '2026-03-29T00:30:00+00:00',
  valid_until: null,
  file_name: null,
  passages: 1,
  embedded: 0,
  created_at: '2026-01-01T00:00:00+00:00',
  updated_at: '2026-01-01T00:00:00+00:00',
};

test('an unchanged article is saved with the same values', () => {
  expect(bodyOf(valuesOf(ARTICLE))).toEqual({
    title: 'Returns',
    content: '## Time\n30 days',
    language: 'en',
    tags: ['orders', 'returns'],
    valid_from: '2026-03-29T00:30:00.000Z',
    valid_until: null,
  });
});

test('tags are trimmed, and the language of a new article is recognised by the server', () => {
  const body = bodyOf({ ...valuesOf(null, 'Do you deliver?'), tags: ' a, ,b,a ' });
  expect(body).toEqual({
    title: 'Do you deliver?',
    content: '',
    tags: ['a', 'b'],
    valid_from: null,
    valid_until: null,
  });
});
