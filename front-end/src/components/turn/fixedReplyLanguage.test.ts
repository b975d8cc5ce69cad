import { expect, test } from 'vitest';
import { replyLanguage } from './fixedReplyLanguage';

test('an answer in another language than the main one belongs to the text in this language', () => {
  expect(replyLanguage('de', ['en', 'de'], {})).toEqual({ tag: 'de', isCertain: true });
  expect(replyLanguage('de-AT', ['en', 'de'], { de: 'Hallo' })).toEqual({ tag: 'de', isCertain: true });
  expect(replyLanguage('pt-BR', [], { 'pt-PT': 'Olá', pt: 'Olá' })).toEqual({ tag: 'pt', isCertain: true });
});

test('an answer in the main language belongs to the text for all other languages', () => {
  expect(replyLanguage('en-US', ['en', 'de'], { de: 'Hallo' })).toBeNull();
  expect(replyLanguage('fr', ['en', 'de'], {})).toBeNull(); // not offered: answered in the main language
  expect(replyLanguage(null, ['en', 'de'], {})).toBeNull();
});

test('without languages of the business, the language of the text for all others is not known', () => {
  expect(replyLanguage('es', [], {})).toEqual({ tag: 'es', isCertain: false });
});
