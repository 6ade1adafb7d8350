import { describe, expect, test } from '@jest/globals';
import type { ServiceWithEtag } from '../../api/queries.js';
import { obstacleTo } from './rollback.js';

const good = { live: false, readyAt: '2026-11-21T09:00:00Z', imageInRegistry: 'yes' as const };
const well = { state: 'running' as const, paused: false, target: null };
const halted = { ...well, target: { release: 2, result: 'failed' } as ServiceWithEtag['target'] };

describe('going back to a release', () => {
  test.each([
    ['one that was ready', good, well, null],
    ['one whose image could not be asked for', { ...good, imageInRegistry: 'unknown' as const }, well, null],
    ['the one that runs', { ...good, live: true }, well, 'rollback.isLive'],
    ['#1 that serves under a failed #2', { ...good, live: true }, halted, null],
    ['#2 that failed', { ...good, readyAt: null }, halted, 'rollback.neverRan'],
    ['one that never was ready', { ...good, readyAt: null }, well, 'rollback.neverRan'],
    ['one whose image is gone', { ...good, imageInRegistry: 'no' as const }, well, 'rollback.noImage'],
    ['any, while the service is paused', good, { ...well, paused: true }, 'rollback.paused'],
    ['any, while the service is deleted', good, { ...well, state: 'deleting' as const }, 'rollback.deleting'],
  ])('%s', (_, release, service, obstacle) => {
    expect(obstacleTo(release, service)).toBe(obstacle);
  });
});
