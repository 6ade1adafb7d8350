import { useState } from 'react';
import type { z } from 'zod';

/** With everything, also secret values: lives as long as the page is not loaded again. */
const inMemory = new Map<string, unknown>();
const storageKey = (key: string) => `berth.draft.${key}`;

interface Kept<Value> {
  readonly key: string;
  readonly shape: z.ZodType<Value>;
  /** What may lie in the browser's storage: secret values may not. */
  readonly withoutSecrets: (value: Value) => Value;
}

/**
 * What was written and not yet sent. It survives another tab of the page, a refusal, and (but for secret values) a reload.
 * `restored` is true when it was there before this page was opened.
 */
export function useKept<Value>(kept: Kept<Value>, initial: () => Value) {
  const [first] = useState(() => {
    const found = inMemory.has(kept.key) ? (inMemory.get(kept.key) as Value) : stored(kept);
    return { found, value: found ?? initial() };
  });
  const [value, setValue] = useState(first.value);
  const [restored, setRestored] = useState(first.found !== null);
  const change = (next: (before: Value) => Value) =>
    setValue((before) => {
      const after = next(before);
      keepDraft(kept, after);
      return after;
    });
  const forget = (next?: Value) => {
    forgetKept(kept.key);
    setRestored(false);
    if (next !== undefined) setValue(next);
  };
  return { value, change, forget, restored };
}

/** Nothing of a draft is kept any more: it was sent, or thrown away. */
export function forgetKept(key: string): void {
  inMemory.delete(key);
  sessionStorage.removeItem(storageKey(key));
}

/** Lays a draft where a form of this key finds it. */
export function keepDraft<Value>(
  { key, withoutSecrets }: Pick<Kept<Value>, 'key' | 'withoutSecrets'>,
  value: Value,
): void {
  inMemory.set(key, value);
  try {
    sessionStorage.setItem(storageKey(key), JSON.stringify(withoutSecrets(value)));
  } catch {
    // Without storage it survives everything but a reload.
  }
}

function stored<Value>({ key, shape }: Kept<Value>): Value | null {
  try {
    const parsed = shape.safeParse(JSON.parse(sessionStorage.getItem(storageKey(key)) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
