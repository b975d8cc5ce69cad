import { useSearchParams } from 'react-router';

/** The filters of a list, which are part of the address: a function that reads one, one that sets some (empty: removes
 * them), one that returns the address with others, and whether any of `names` is set. */
export function useFilters(...names: string[]) {
  const [search, setSearch] = useSearchParams();
  return {
    get: (name: string) => search.get(name) ?? '',
    set: (values: Record<string, string>) => {
      const isSame = Object.entries(values).every(([name, value]) => value === (search.get(name) ?? ''));
      // The address may have changed since the page was rendered.
      if (!isSame) setSearch(changed(new URLSearchParams(window.location.search), values), { replace: true });
    },
    linkTo: (values: Record<string, string>) => `?${changed(search, values).toString()}`,
    isFiltered: names.some((name) => search.get(name)),
    clear: () => setSearch({}, { replace: true }),
  };
}

function changed(search: URLSearchParams, values: Record<string, string>): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(values)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}
