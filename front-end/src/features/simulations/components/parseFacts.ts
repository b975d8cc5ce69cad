/** The facts in a text with one `name: value` per line; null if a line is not of this form. */
export function parseFacts(text: string): Record<string, string> | null {
  const facts: Record<string, string> = {};
  for (const line of text
    .split('\n')
    .map((each) => each.trim())
    .filter(Boolean)) {
    const [, name, value] = /^([^:]{1,100}):(.+)$/.exec(line) ?? [];
    if (!name?.trim() || !value?.trim()) return null;
    facts[name.trim()] = value.trim();
  }
  return facts;
}
