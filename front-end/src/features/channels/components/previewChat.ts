import { Activity } from '../../../../widget/activity';
import type { ChatView } from '../../../../widget/chat';
import { Timeline } from '../../../../widget/timeline';
import type { Settings } from './settingsSchema';

type Appearance = NonNullable<ChatView['appearance']>;

/** What the widget shows with these settings in a language, as the server chooses it. */
export function appearanceOf(name: string, settings: Settings, language: string): Appearance {
  const text = (field: string) => inLanguage(settings[field], language);
  const starters = text('starters');
  return {
    name: asText(text('title')) ?? name,
    greeting: asText(text('greeting')),
    starters: Array.isArray(starters) ? starters.map(String) : [],
    away_message: asText(text('away_message')),
    color: asText(settings['color']) ?? '#1f5fa8',
    language,
    ratings: settings['ratings'] !== false,
  };
}

/** A new conversation, in which nothing happens. */
export function previewChat(appearance: Appearance): ChatView {
  return {
    appearance,
    activity: new Activity(() => undefined),
    timeline: new Timeline(),
    hasEarlier: false,
    problem: null,
    send: () => undefined,
    retry: () => undefined,
    rateAnswer: () => Promise.resolve(),
    rateConversation: () => Promise.resolve(),
    loadEarlier: () => Promise.resolve(),
  };
}

/** The text in this language, otherwise in English, otherwise in any. */
function inLanguage(value: unknown, language: string): unknown {
  const given = Object.entries((value ?? {}) as Record<string, unknown>).filter(([, text]) =>
    Array.isArray(text) ? text.length > 0 : Boolean(text),
  );
  const find = (wanted: string) => given.find(([tag]) => mainTag(tag) === mainTag(wanted));
  return (find(language) ?? find('en') ?? given[0])?.[1];
}

function mainTag(tag: string): string {
  return (tag.split('-')[0] ?? '').toLowerCase();
}

function asText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() ? value : null;
}
