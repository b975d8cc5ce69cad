/** Placeholders in templates, parsed in the same way as in `message_processing/templates/braces.py`. */

const NAME = String.raw`[A-Za-z_][\p{L}\p{N}_]*(?:(?: +|\.)[\p{L}\p{N}_]+)*`;
const INSIDE = String.raw`[ \t]*(${NAME})[ \t]*(?:\|([^{}]*))?`;
const TOKEN = new RegExp(String.raw`\\\{|\{\{${INSIDE}\}\}|\{${INSIDE}\}`, 'gu');

export interface Placeholder {
  /** The name as written in the template. */
  written: string;
  /** The normalised name: `Stage List` becomes `stage_list`. */
  name: string;
  fallback: string | null;
  /** The position in the text, including the braces. */
  start: number;
  end: number;
}

export function normalise(name: string): string {
  return name.trim().toLowerCase().replace(/ +/g, '_');
}

export function findPlaceholders(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const written = match[1] ?? match[3];
    if (written === undefined) continue;
    const fallback = (match[1] === undefined ? match[4] : match[2]) ?? null;
    found.push({ written, name: normalise(written), fallback, start: match.index, end: match.index + match[0].length });
  }
  return found;
}

export interface KnownNames {
  /** Normalised names and aliases of variables. */
  variables: ReadonlySet<string>;
  /** Normalised names of the fields that stages extract. */
  fields: ReadonlySet<string>;
}

/** `text` is not a placeholder: several words in braces that match no variable are kept as literal text. */
export type PlaceholderKind = 'variable' | 'field' | 'unknown' | 'text';

export function placeholderKind(placeholder: Placeholder, known: KnownNames): PlaceholderKind {
  const root = placeholder.name.split('.')[0] ?? '';
  if (known.variables.has(placeholder.name) || known.variables.has(root)) return 'variable';
  if (/^last_\d+_messages$/.test(placeholder.name)) return 'variable';
  if (placeholder.written.includes(' ')) return 'text';
  return known.fields.has(root) ? 'field' : 'unknown';
}

/** The placeholders in the text, as written, that match no known name and have no fallback. */
export function unknownPlaceholders(text: string, known: KnownNames): string[] {
  const unknown = findPlaceholders(text).filter(
    (each) => placeholderKind(each, known) === 'unknown' && each.fallback === null,
  );
  return [...new Set(unknown.map((each) => each.written))];
}

/** The name being typed after a `{`, up to the caret, or null. */
export function placeholderBeingTyped(text: string, caret: number): { start: number; typed: string } | null {
  const match = /(?:^|[^\\{])\{\{?[ \t]*([A-Za-z_][\w. ]*)?$/.exec(text.slice(Math.max(0, caret - 80), caret));
  if (!match) return null;
  const typed = match[1] ?? '';
  return { start: caret - typed.length, typed };
}

/** The replacement (range and text to insert) that completes the typed name to `name` and closes the braces. */
export function completePlaceholder(
  text: string,
  caret: number,
  open: { start: number },
  name: string,
): { start: number; end: number; insert: string } {
  const closing = text.slice(0, open.start).trimEnd().endsWith('{{') ? '}}' : '}';
  const rest = text.slice(caret);
  const nameLength = /^[\w. ]*/.exec(rest)?.[0].length ?? 0;
  const isClosed = rest.slice(nameLength).startsWith(closing);
  return { start: open.start, end: isClosed ? caret + nameLength + closing.length : caret, insert: name + closing };
}
