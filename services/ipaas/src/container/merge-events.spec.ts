import type { SlimEvent } from '@berth/clients/kubernetes';
import { describe, expect, test } from '@jest/globals';
import { ago } from './container.builders.js';
import { mergeEvents } from './merge-events.js';

const event = (uid: string, change: Partial<SlimEvent> = {}): SlimEvent => ({
  uid,
  name: uid,
  namespace: 'shop-prod',
  type: 'Normal',
  reason: 'Started',
  message: 'Started container main',
  count: 1,
  firstSeen: ago(20),
  lastSeen: ago(10),
  about: { kind: 'Pod', name: 'cart-5d8-aaaaa' },
  ...change,
});
const scope = { name: 'cart', containers: new Set(['cart-5d8-aaaaa']) };
const about = (kind: string, name: string): Partial<SlimEvent> => ({ about: { kind, name } });

describe('events of a service', () => {
  test('those of a service whose name begins alike are not among them', () => {
    const events = [
      event('1', about('Deployment', 'cart')),
      event('2', about('Deployment', 'cart-api')),
      event('3', about('ReplicaSet', 'cart-5d8')),
      event('4', about('ReplicaSet', 'cart-api-5d8')),
      event('5', about('Pod', 'cart-5d8-aaaaa')),
      event('6', about('Pod', 'cart-api-5d8-aaaaa')),
      event('7', about('Node', 'cart')),
    ];
    const found = mergeEvents([{ cluster: 'beijing', events }], scope).map(({ kind, object }) => `${kind}/${object}`);
    expect(found.sort()).toEqual(['Deployment/cart', 'Pod/cart-5d8-aaaaa', 'ReplicaSet/cart-5d8']);
  });

  test('two clusters are one list, newest first', () => {
    const list = mergeEvents(
      [
        {
          cluster: 'beijing',
          events: [event('1', { lastSeen: ago(30) }), event('2', { reason: 'Pulled', lastSeen: ago(5) })],
        },
        { cluster: 'shanghai', events: [event('1', { lastSeen: ago(10) })] },
      ],
      scope,
    );
    expect(list.map(({ cluster, reason }) => `${cluster} ${reason}`)).toEqual([
      'beijing Pulled',
      'shanghai Started',
      'beijing Started',
    ]);
  });

  test('the same event heard twice counts once; the same said as two events is one row with both counts', () => {
    const events = [
      event('1', { count: 2 }),
      event('1', { count: 2 }),
      event('2', { count: 3, firstSeen: ago(60), lastSeen: ago(1) }),
    ];
    expect(mergeEvents([{ cluster: 'beijing', events }], scope)).toMatchObject([
      { count: 5, firstAt: ago(60), lastAt: ago(1) },
    ]);
  });
});
