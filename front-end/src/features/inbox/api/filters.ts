/** The filters of the inbox. They are in the query string, so that a link shows the same list. */

export const VIEWS = ['all', 'mine', 'unassigned', 'waiting', 'needs_person', 'snoozed'] as const;
export type View = (typeof VIEWS)[number];
export const SORTS = ['latest', 'waiting'] as const;
export type Sort = (typeof SORTS)[number];

export interface InboxFilters {
  view: View;
  tag: string | null;
  q: string | null;
  sort: Sort;
}

/** The filters in a query string. Values that do not exist are ignored. */
export function readFilters(search: URLSearchParams): InboxFilters {
  return {
    view: VIEWS.find((each) => each === search.get('view')) ?? 'all',
    tag: search.get('tag') || null,
    q: search.get('q') || null,
    sort: SORTS.find((each) => each === search.get('sort')) ?? 'latest',
  };
}

/** The query string of filters, without default values: `?view=mine`, or an empty text. */
export function filterText({ view, tag, q, sort }: InboxFilters): string {
  const search = new URLSearchParams();
  if (view !== 'all') search.set('view', view);
  if (tag) search.set('tag', tag);
  if (q) search.set('q', q);
  if (sort !== 'latest') search.set('sort', sort);
  const text = search.toString();
  return text && `?${text}`;
}

/** The parameters of `GET /conversations` for these filters. Search results have an order of their own. */
export function listParameters({ view, tag, q, sort }: InboxFilters) {
  return {
    ...(view === 'all' ? {} : { [view]: true }),
    ...(tag ? { tag } : {}),
    ...(q ? { q } : { sort }),
    is_test: false,
  };
}

export function isFiltered({ view, tag, q }: InboxFilters): boolean {
  return view !== 'all' || tag !== null || q !== null;
}
