import { expect, test } from '@jest/globals';
import { explain } from './explain.js';
import { aContainer, anEvent, at, facts } from './explain.builders.js';
import { withoutOldEnd } from './old-end.js';

const minutesLater = (minutes: number) => new Date(Date.parse(at) + minutes * 60_000);
const killedOnce = aContainer({
  state: 'not_ready',
  detail: 'exit code 137 (OOMKilled)',
  restarts: 1,
  restartsLast10Minutes: 0,
  lastEnd: { exitCode: 137, reason: 'OOMKilled', at },
});
const failing = anEvent({ message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' });
const judgedAt = (minutes: number) =>
  explain(facts({ containers: [withoutOldEnd(killedOnce, minutesLater(minutes))], events: [failing] }))?.kind;

test('a kill of 9 minutes ago explains a container that is not ready; one of 2 weeks ago does not', () => {
  expect(judgedAt(9)).toBe('out_of_memory');
  expect(judgedAt(11)).toBe('readiness_failing');
  expect(judgedAt(14 * 24 * 60)).toBe('readiness_failing');
});

test('one that crash-loops is judged by its end, however long the back-off', () => {
  const looping = aContainer();
  expect(withoutOldEnd(looping, minutesLater(600))).toBe(looping);
});

test('an end without a time counts while there was a restart in the last 10 minutes', () => {
  const lastEnd = { exitCode: 1, reason: 'Error', at: null };
  const restarted = aContainer({ state: 'not_ready', lastEnd, restartsLast10Minutes: 1 });
  expect(withoutOldEnd(restarted, minutesLater(0)).lastEnd).toBe(lastEnd);
  expect(withoutOldEnd({ ...restarted, restartsLast10Minutes: 0 }, minutesLater(0)).lastEnd).toBeNull();
});

test('without events the words of an old end are not taken for what the check got', () => {
  const finding = explain(facts({ containers: [withoutOldEnd(killedOnce, minutesLater(60))] }));
  expect(finding?.proof.map(({ code }) => code)).toEqual(['probe', 'ready_count', 'well_before']);
});
