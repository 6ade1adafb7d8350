/** Keeps an answer for a while and asks once for all who want it at the same time. A failure is not kept. */
export class Shared<T> {
  private readonly kept = new Map<string, { readonly untilMs: number; readonly value: Promise<T> }>();

  /** @param nowMs The clock, so that a spec can move it. */
  constructor(
    private readonly keptForMs: number,
    private readonly nowMs: () => number,
  ) {}

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.nowMs();
    for (const [other, { untilMs }] of this.kept) if (untilMs <= now) this.kept.delete(other);
    const known = this.kept.get(key);
    if (known) return known.value;
    const value = ask();
    this.kept.set(key, { untilMs: now + this.keptForMs, value });
    value.catch(() => this.kept.delete(key));
    return value;
  }
}
