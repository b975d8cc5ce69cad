import { afterEach, expect, test, vi } from 'vitest';

const english = {
  title: 'Inbox',
  empty: 'Nothing here',
  unread: [['n', 2, { one: [0, ' message'], other: [0, ' messages'] }]],
  views: { all: 'All', mine: 'Mine' },
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** The texts as a browser with these languages shows them. */
async function textsIn(languages: string[], translation: object) {
  vi.stubGlobal('navigator', { languages });
  const { translator, withTexts } = await import('./translate');
  const translate = translator({ './de/inbox.ts': async () => ({ inbox: translation }) });
  const texts = translate('inbox', english) as unknown as {
    title: string;
    empty: string;
    unread: (values: { n: number }) => string;
    views: Record<string, string>;
  };
  const { views } = texts; // as code that keeps a group
  await withTexts(Promise.resolve());
  return { ...texts, views };
}

test('texts without a translation are English', async () => {
  const translation = { title: 'Eingang', empty: '', views: { mine: 'Meine' } };
  const texts = await textsIn(['fr', 'de-AT', 'en'], translation);
  expect([texts.title, texts.empty, texts.views]).toEqual(['Eingang', 'Nothing here', { all: 'All', mine: 'Meine' }]);
});

test('numbers and plurals follow the language', async () => {
  const unread = [['n', 2, { one: [0, ' Nachricht'], other: [0, ' Nachrichten'] }]];
  const german = await textsIn(['de'], { unread });
  expect([german.unread({ n: 1 }), german.unread({ n: 1200 })]).toEqual(['1 Nachricht', '1.200 Nachrichten']);
  vi.resetModules();
  const other = await textsIn(['en-GB', 'de'], { unread });
  expect([other.unread({ n: 1 }), other.unread({ n: 1200 })]).toEqual(['1 message', '1,200 messages']);
});
