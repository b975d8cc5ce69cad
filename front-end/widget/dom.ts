/** Creates elements without HTML, which pages with Trusted Types would refuse. */

type Child = Node | string | null;

/** Attributes with the value null are left out. Functions are listeners of the event `name`. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  tag: Name,
  attributes: Record<string, string | null | ((event: never) => void)> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((each) => each !== null));
  return element;
}

export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg;
}

export const CHAT_ICON = 'M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H8l-5.2 3.9A.5.5 0 0 1 2 21.5V5a2 2 0 0 1 2-2Z';
export const GOOD_ICON =
  'M2 10h4v11H2Zm6 0 4.5-8c1.6 0 2.5 1.2 2.2 2.7L14 9h5.5a2.2 2.2 0 0 1 2.2 2.7l-1.7 7A3 3 0 0 1 17 21H8Z';
export const BAD_ICON =
  'M2 14h4V3H2Zm6 0 4.5 8c1.6 0 2.5-1.2 2.2-2.7L14 15h5.5a2.2 2.2 0 0 0 2.2-2.7l-1.7-7A3 3 0 0 0 17 3H8Z';
export const STAR_ICON = 'm12 2 3 6.6 7.2.8-5.4 4.8 1.6 7.1L12 17.6l-6.4 3.7 1.6-7.1L1.8 9.4 9 8.6Z';
export const CLOSE_ICON = 'm6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4Z';
export const SEND_ICON = 'M3 20.5v-6.3L12 12 3 9.8V3.5L22 12Z';
