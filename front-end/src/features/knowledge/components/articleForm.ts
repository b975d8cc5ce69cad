/** The values of the article's form, and the body of the request that saves them. */

import type { Article, ArticleCreate } from '@/lib/types';

export interface ArticleValues {
  title: string;
  content: string;
  /** A language tag, or empty to recognise it. */
  language: string;
  /** Separated by commas. */
  tags: string;
  /** As `datetime-local` fields have it, in the user's time zone. */
  validFrom: string;
  validUntil: string;
}

export function valuesOf(article: Article | null, title = ''): ArticleValues {
  return {
    title: article?.title ?? title,
    content: article?.content ?? '',
    language: article?.language ?? '',
    tags: article?.tags.join(', ') ?? '',
    validFrom: localTime(article?.valid_from ?? null),
    validUntil: localTime(article?.valid_until ?? null),
  };
}

export function bodyOf(values: ArticleValues): ArticleCreate {
  return {
    title: values.title.trim(),
    content: values.content,
    ...(values.language ? { language: values.language } : {}),
    tags: [
      ...new Set(
        values.tags
          .split(',')
          .map((each) => each.trim())
          .filter(Boolean),
      ),
    ],
    valid_from: isoTime(values.validFrom),
    valid_until: isoTime(values.validUntil),
  };
}

/** The time as `datetime-local` fields have it. */
function localTime(iso: string | null): string {
  if (!iso) return '';
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function isoTime(local: string): string | null {
  return local ? new Date(local).toISOString() : null;
}
