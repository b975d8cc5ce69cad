import type { Turn } from './withValue';

/** The turn as it is stored: without expectations whose fields are blank. */
export function withoutBlanks({ message, expect = {} }: Turn): Turn {
  const { reply = {}, ...others } = expect;
  const { contains, excludes, judged, ...rest } = reply;
  const kept = {
    ...rest,
    ...texts('contains', contains),
    ...texts('excludes', excludes),
    ...(judged?.sentence.trim() ? { judged } : {}),
  };
  return { message: message.trim(), expect: { ...others, ...(Object.keys(kept).length ? { reply: kept } : {}) } };
}

function texts(name: string, lines: readonly string[] = []): Record<string, string[]> {
  const filled = lines.map((each) => each.trim()).filter(Boolean);
  return filled.length ? { [name]: filled } : {};
}
