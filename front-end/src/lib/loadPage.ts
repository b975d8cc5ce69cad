/** Loads pages from the server, so that nothing remains of what the current page keeps in memory, such as the data of
 * another user. */

/** The address of a page. */
export function addressOf(path: string): string {
  return import.meta.env.BASE_URL + path.slice(1);
}

export function loadPage(path: string): void {
  window.location.replace(addressOf(path));
}
