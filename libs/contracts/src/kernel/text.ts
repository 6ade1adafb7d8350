/** NUL, or half of a surrogate pair: PostgreSQL keeps neither, in text nor in jsonb. */
const unkeepable = /[\0\p{Cs}]/u;
const unkeepableAll = new RegExp(unkeepable, 'gu');

/** True for text that a database, a container's environment and a command line can hold. */
export function isPlainText(text: string): boolean {
  return !unkeepable.test(text);
}

/** The text with U+FFFD in place of what cannot be kept. */
export function plainText(text: string): string {
  return text.replace(unkeepableAll, '\ufffd');
}

/** The beginning of a text, at most `most` UTF-16 units with the sign that it was cut; a character is never cut in half. */
export function cutText(text: string, most = 500): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
