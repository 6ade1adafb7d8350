import { describe, expect, test } from '@jest/globals';
import { cartUid } from '../workload/workload.builders.js';
import { aPod, ago, now } from './container.builders.js';
import { containerRow, endedRow } from './container-row.js';

const where = { cluster: 'beijing', serviceUid: cartUid };
const row = (change: Parameters<typeof aPod>[0], before?: ReturnType<typeof containerRow>, at = now) =>
  containerRow(aPod(change), where, before, at);

describe('the row of a container', () => {
  test('says where it runs, since when, and of which release', () => {
    expect(row({})).toMatchObject({
      state: 'running',
      release: 1,
      node: 'node-1',
      ip: '10.0.0.1',
      startedAt: ago(60),
      endedAt: null,
      exitCode: null,
    });
  });

  test('the same container gives the same row: nothing is written', () => {
    expect(row({}, row({}))).toEqual(row({}));
  });

  test('restarts from 1 to 3 are 2 marks, at the last end; they are forgotten after a day', () => {
    const first = row({ restarts: 1, lastTermination: { exitCode: 1, finishedAt: ago(30) } });
    expect(first.restartMarks).toEqual([ago(30)]);
    const third = row({ restarts: 3, lastTermination: { exitCode: 1, finishedAt: ago(10) } }, first);
    expect(third.restartMarks).toEqual([ago(30), ago(10), ago(10)]);
    const later = new Date(now.getTime() + 86_400_000 - 20_000);
    expect(row({ restarts: 3 }, third, later).restartMarks).toEqual([ago(10), ago(10)]);
  });

  test('a container of 500 restarts that is seen for the first time has 1 mark, not 500', () => {
    expect(row({ restarts: 500, lastTermination: { exitCode: 1, finishedAt: ago(3) } }).restartMarks).toEqual([ago(3)]);
  });

  test('one that ended is not ready and keeps when and how', () => {
    const ended = row({
      phase: 'Failed',
      ready: true,
      state: { terminated: { exitCode: 78, reason: 'Error', finishedAt: ago(2) } },
    });
    expect(ended).toMatchObject({
      state: 'ended',
      ready: false,
      endedAt: ago(2),
      exitCode: 78,
      lastEnd: { exitCode: 78, at: ago(2) },
    });
  });

  test('one whose pod is gone ended now, with what was last known; twice is once', () => {
    const dying = row({ deletionTimestamp: ago(3), state: { terminated: { exitCode: 0, finishedAt: ago(1) } } });
    const gone = endedRow(dying, now);
    expect(gone).toMatchObject({ state: 'ended', endedAt: now.toISOString(), exitCode: 0, node: 'node-1' });
    expect(endedRow(gone, new Date(0))).toBe(gone);
  });
});
