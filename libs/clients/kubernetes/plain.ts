/** NUL, or half of a surrogate pair: databases keep neither. Everything else a container may say. */
const unkeepable = /[\0\p{Cs}]/gu;

/** A text from a cluster as it can be kept anywhere: U+FFFD in place of NUL and of halves of surrogate pairs. */
export function plainText(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.replace(unkeepable, '\ufffd');
}

/** The same for every text of a row. A container writes its own last words, so what they hold is not ours to trust. */
export function plainRow<Row>(row: Row): Row {
  return plain(row) as Row;
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [plainText(name), plain(field)]));
}
