import { describe, expect, test } from '@jest/globals';
import { UnmovedPartitions } from './unmoved.js';

const commands = 'ipaas.cmd.service.v1/3';
const others = 'ipaas.cmd.service.v1/4';

describe('a partition that does not move', () => {
  test('stands since it was first taken, however often a new consumer takes the same record', () => {
    const unmoved = new UnmovedPartitions();
    for (const nowMs of [1_000, 9_000, 17_000, 61_000]) {
      unmoved.taken(commands, 70, nowMs);
      unmoved.assigned(() => true, nowMs);
    }
    expect(unmoved.oldestSinceMs()).toBe(1_000);
  });

  test('moves by a committed offset, and by nothing that moves on another partition', () => {
    const unmoved = new UnmovedPartitions();
    unmoved.taken(commands, 70, 1_000);
    unmoved.taken(others, 5, 2_000);
    unmoved.committed(others);
    expect(unmoved.oldestSinceMs()).toBe(1_000);
    unmoved.committed(commands);
    expect(unmoved.oldestSinceMs()).toBeNull();
  });

  test('that came back further on was moved by another copy', () => {
    const unmoved = new UnmovedPartitions();
    unmoved.taken(commands, 70, 1_000);
    unmoved.taken(commands, 75, 50_000);
    expect(unmoved.oldestSinceMs()).toBe(50_000);
  });

  test('counts only the time in which it is ours: 4 s here, 10 s elsewhere, 2 s here are 6 s', () => {
    const unmoved = new UnmovedPartitions();
    unmoved.taken(commands, 70, 1_000);
    unmoved.assigned((partition) => partition !== commands, 5_000);
    expect(unmoved.oldestSinceMs()).toBeNull();
    unmoved.assigned(() => true, 15_000);
    unmoved.taken(commands, 70, 15_500);
    expect(17_000 - (unmoved.oldestSinceMs() ?? 0)).toBe(6_000);
  });

  test('counts anew from the end of what is not its fault', () => {
    const unmoved = new UnmovedPartitions();
    unmoved.taken(commands, 70, 1_000);
    unmoved.excused(commands, 40_000);
    expect(unmoved.oldestSinceMs()).toBe(40_000);
    unmoved.allExcused(50_000);
    expect(unmoved.oldestSinceMs()).toBe(50_000);
  });
});
