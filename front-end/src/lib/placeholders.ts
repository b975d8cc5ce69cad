/** The language of templates, as `message_processing/braces.py` reads it: what the editor colours, completes and warns of. */

const NAME = String.raw`[A-Za-z_][\p{L}\p{N}_]*(?:(?: +|\.)[\p{L}\p{N}_]+)*`;
const INSIDE = String.raw`[ \t]*(${NAME})[ \t]*(?:\|([^{}]*))?`;
const TOKEN = new RegExp(String.raw`\\\{|\{\{${INSIDE}\}\}|\{${INSIDE}\}`, 'gu');

export interface Placeholder {
  /** The name as its author wrote it. */
  written: string;
  /** The name that it stands for: `Stage List` is `stage_list`. */
  name: string;
  fallback: string | null;
  /** Where it stands in the text, braces included. */
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
  /** Registered names and aliases, normalised. */
  variables: ReadonlySet<string>;
  /** Fields that a stage extracts: looked up among the facts. */
  fields: ReadonlySet<string>;
}

/** `text` is no variable at all: several words between braces that name none stay as they are. */
export type PlaceholderKind = 'variable' | 'field' | 'unknown' | 'text';

export function placeholderKind(placeholder: Placeholder, known: KnownNames): PlaceholderKind {
  const root = placeholder.name.split('.')[0] ?? '';
  if (known.variables.has(placeholder.name) || known.variables.has(root)) return 'variable';
  if (/^last_\d+_messages$/.test(placeholder.name)) return 'variable';
  if (placeholder.written.includes(' ')) return 'text';
  return known.fields.has(root) ? 'field' : 'unknown';
}

/** The name being typed after a `{`, up to the caret; null where none is. */
export function placeholderBeingTyped(text: string, caret: number): { start: number; typed: string } | null {
  const match = /(?:^|[^\\{])\{\{?[ \t]*([A-Za-z_][\w. ]*)?$/.exec(text.slice(Math.max(0, caret - 80), caret));
  if (!match) return null;
  const typed = match[1] ?? '';
  return { start: caret - typed.length, typed };
}

/** What to put where (of `text`) so that `name` stands where `open` is being typed, its braces closed. */
export function completePlaceholder(
  text: string,
  caret: number,
  open: { start: number },
  name: string,
): { start: number; end: number; insert: string } {
  const closing = text.slice(0, open.start).trimEnd().endsWith('{{') ? '}}' : '}';
  const rest = text.slice(caret);
  const ofName = /^[\w. ]*/.exec(rest)?.[0].length ?? 0;
  const isClosed = rest.slice(ofName).startsWith(closing);
  return { start: open.start, end: isClosed ? caret + ofName + closing.length : caret, insert: name + closing };
}
