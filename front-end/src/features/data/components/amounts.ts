/** The number that a text contains, with a decimal point or comma; null if it is empty or no number. */
export function readAmount(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  const number = Number(trimmed);
  return trimmed && Number.isFinite(number) ? number : null;
}

/** A validation rule: empty, or a number. */
export function isAmount(message: string) {
  return (text: string) => text.trim() === '' || readAmount(text) !== null || message;
}
