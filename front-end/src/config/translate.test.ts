import { afterEach, expect, test, vi } from 'vitest';

const english = {
  title: 'Inbox',
  empty: 'Nothing here',
  unread: [['n', 2, { one: [0, ' message'], other: [0, ' messages'] }]],
  added: [['name'], ' was added as ', ['role', 1, { owner: 'an owner', other: 'a member' }]],
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
  const load = async () => ({ inbox: translation });
  const translate = translator({ './de/inbox.ts': load, './ar/inbox.ts': load });
  const texts = translate('inbox', english) as unknown as {
    title: string;
    empty: string;
    unread: (values: { n: number }) => string;
    added: (values: { name: string; role: string }) => string;
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

test('values with another direction are isolated', async () => {
  const inEnglish = await textsIn(['en'], {});
  expect(inEnglish.added({ name: 'Ada (2)', role: 'owner' })).toBe('Ada (2) was added as an owner');
  expect(inEnglish.added({ name: 'ليلى', role: 'agent' })).toBe('\u2068ليلى\u2069 was added as a member');
  vi.resetModules();
  const added = ['أضيف ', ['name'], ' بصفة ', ['role', 1, { owner: 'مالك', other: 'عضو' }]];
  const inArabic = await textsIn(['ar'], { added });
  expect(inArabic.added({ name: 'Ada (2)', role: 'owner' })).toBe('أضيف \u2068Ada (2)\u2069 بصفة مالك');
});
