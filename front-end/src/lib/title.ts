/** The window's title: the number of waiting conversations, and the name of the page. */

let page = document.title;
let waiting = 0;

function show(): void {
  const text = waiting > 0 ? `(${waiting > 99 ? '99+' : waiting}) ${page}` : page;
  if (document.title !== text) document.title = text;
}

export function setPageTitle(title: string): void {
  page = title;
  show();
}

export function setWaitingBadge(count: number): void {
  waiting = count;
  show();
}
