import { describe, expect, test } from '@jest/globals';
import type { ServiceWithEtag } from '../../api/queries.js';
import { reasonAgainst, type PageAction } from './reasons.js';

type Service = Parameters<typeof reasonAgainst>[1];
const well: Service = { state: 'running', paused: false, uid: 'u', release: 3, target: null, placement: null };
const halted = { release: 2, result: 'failed' } as ServiceWithEtag['target'];

describe('why an action is off', () => {
  test.each<[PageAction, string, Partial<Service>, string | null]>([
    ['upgrade', 'a service that runs', {}, null],
    ['upgrade', 'a paused one', { paused: true }, 'actionOff.isPaused'],
    ['scale', 'a paused one', { paused: true }, 'actionOff.isPaused'],
    ['resume', 'a paused one', { paused: true }, null],
    ['delete', 'a paused one', { paused: true }, null],
    ['restart', 'a stopped one', { state: 'stopped' }, 'actionOff.isStopped'],
    ['start', 'a stopped one', { state: 'stopped' }, null],
    ['delete', 'one that is being deleted', { state: 'deleting' }, 'actionOff.isDeleting'],
    ['rollback', 'one with release #1 alone', { release: 1 }, 'actionOff.noOtherRelease'],
    ['rollback', 'one whose #2 failed over #1', { release: 1, target: halted }, null],
    ['upgrade', 'one of the CMDB that nobody deployed', { uid: null, state: 'undeployed' }, 'actionOff.neverDeployed'],
  ])('%s of %s', (action, _, part, reason) => {
    expect(reasonAgainst(action, { ...well, ...part })).toBe(reason);
  });
});
