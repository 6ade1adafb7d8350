const secretName = /pass(word|wd)?|secret|token|credential|kubeconfig|private.?key|authorization|cookie|api.?key/i;
const mask = '•••';
/** As much of a payload as is shown. */
export const shownBytes = 65_536;

/**
 * The value of a record as it may be shown. Secrets never ride the bus, but a dead letter may be anything: strings in
 * fields that are named like a secret are masked, also in text that is no JSON.
 */
export function maskedText(value: Buffer): string {
  const text = value.toString('utf8');
  const json = parsed(text);
  if (json !== undefined) return JSON.stringify(maskedValue(json, false), null, 2).slice(0, shownBytes);
  return text
    .slice(0, shownBytes)
    .replace(
      /(["']?)([\w.-]{1,64})\1(\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s,;&]+)/g,
      (whole, quote: string, name: string, between: string) =>
        secretName.test(name) ? `${quote}${name}${quote}${between}${mask}` : whole,
    );
}

function maskedValue(value: unknown, isSecret: boolean): unknown {
  if (typeof value === 'string') return isSecret ? mask : value;
  if (Array.isArray(value)) return value.map((entry) => maskedValue(entry, isSecret));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, maskedValue(field, isSecret || secretName.test(name))]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
