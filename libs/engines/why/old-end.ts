import type { ContainerFacts } from './facts.js';

/** So long after a restart what ended the run before may still be why the container is not well. */
export const recentEndMs = 10 * 60_000;

/**
 * The container without an end that is too long ago to explain how it is now: one that has run since then is judged by
 * what it does, and its last lines are those of the present run.
 */
export function withoutOldEnd<Row extends ContainerFacts>(container: Row, now: Date): Row {
  const { state, lastEnd, restartsLast10Minutes } = container;
  if (state === 'crash_looping' || state === 'ended' || state === 'image_error') return container;
  if (!lastEnd && container.restarts === 0) return container;
  const isRecent = lastEnd?.at ? now.getTime() - Date.parse(lastEnd.at) < recentEndMs : restartsLast10Minutes > 0;
  if (isRecent) return container;
  const isOfEnd = /^(?:exit code|signal) \d+/.test(container.detail ?? '');
  return { ...container, lastEnd: null, restarts: 0, detail: isOfEnd ? null : container.detail };
}
