import type { ClusterEvent } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { groupEvents } from './event-groups.js';

const event = (part: Partial<ClusterEvent>): ClusterEvent => ({
  cluster: 'beijing',
  object: 'cart-7d9f8c5b6-x2x4z',
  kind: 'Pod',
  type: 'Warning',
  reason: 'BackOff',
  message: 'Back-off restarting failed container main in pod cart-7d9f8c5b6-x2x4z_shop-prod(0a1b2c3d-0000)',
  count: 3,
  firstAt: '2026-11-21T09:00:00Z',
  lastAt: '2026-11-21T09:05:00Z',
  ...part,
});

describe('events by what they are about', () => {
  test('the same back-off of 2 containers in 2 clusters is 1 group of 5 times', () => {
    const other = event({
      cluster: 'shanghai',
      object: 'cart-7d9f8c5b6-9k8jq',
      message: 'Back-off restarting failed container main in pod cart-7d9f8c5b6-9k8jq_shop-prod(9f8e7d6c-0000)',
      count: 2,
      firstAt: '2026-11-21T08:59:00Z',
    });
    const groups = groupEvents([event({}), other]);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ count: 5, clusters: ['beijing', 'shanghai'], firstAt: '2026-11-21T08:59:00Z' });
  });

  test('other words are another group, other numbers and addresses are not', () => {
    const probe = (message: string) => event({ reason: 'Unhealthy', message });
    expect(
      groupEvents([probe('Readiness probe failed: timeout'), probe('Liveness probe failed: timeout')]),
    ).toHaveLength(2);
    expect(groupEvents([probe('dial tcp 10.1.0.4:80: refused'), probe('dial tcp 10.1.0.9:80: refused')])).toHaveLength(
      1,
    );
  });

  test.each([
    ['BackOff', 'Back-off pulling image "x"', 'image'],
    ['Failed', 'Error: ImagePullBackOff of image "x"', 'image'],
    ['BackOff', 'Back-off restarting failed container', 'failure'],
    ['Unhealthy', 'Readiness probe failed', 'check'],
    ['FailedScheduling', '0/1 nodes are available', 'place'],
    ['Started', 'Started container main', 'life'],
    ['SomethingNew', '?', 'other'],
  ])('%s "%s" is about: %s', (reason, message, topic) => {
    expect(groupEvents([event({ reason, message })])[0]?.topic).toBe(topic);
  });

  test('a warning stands before news that are newer', () => {
    const news = event({ type: 'Normal', reason: 'Started', message: 'x', lastAt: '2026-11-21T10:00:00Z' });
    expect(groupEvents([news, event({})]).map((group) => group.type)).toEqual(['Warning', 'Normal']);
  });
});
