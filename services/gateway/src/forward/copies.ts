/** One copy of an owner, and how it answered lately. */
export interface Copy {
  readonly url: string;
  failures: number;
  /** Not asked before this time, in ms of the clock that is given to the functions here. */
  openUntilMs: number;
}

const firstPauseMs = 250;
const longestPauseMs = 2_000;

/**
 * Copies in the order to try them: those that answer, starting with another one every time, then those whose pause is
 * over. Copies that failed a moment ago are left out, so that a dead owner is answered for at once.
 */
export function inOrder(copies: readonly Copy[], turn: number, nowMs: number): Copy[] {
  const rotated = copies.map((_, index) => copies[(index + turn) % copies.length] as Copy);
  const askable = rotated.filter(({ openUntilMs }) => openUntilMs <= nowMs);
  return [...askable.filter(({ failures }) => failures === 0), ...askable.filter(({ failures }) => failures > 0)];
}

export function failed(copy: Copy, nowMs: number): void {
  copy.openUntilMs = nowMs + Math.min(firstPauseMs * 2 ** copy.failures, longestPauseMs);
  copy.failures += 1;
}

export function answered(copy: Copy): void {
  copy.failures = 0;
  copy.openUntilMs = 0;
}
