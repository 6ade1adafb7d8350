import { describe, expect, test } from '@jest/globals';
import { closure, dependants, startOrder } from './graph.js';

const nodes = [
  { name: 'ipaas-1', needs: ['databases', 'topics'] },
  { name: 'topics', needs: ['kafka'] },
  { name: 'databases', needs: ['postgres'] },
  { name: 'kafka', needs: [] },
  { name: 'postgres', needs: [] },
];

describe('the order of units', () => {
  test('each of 5 units starts after all that it needs', () => {
    const order = startOrder(nodes);
    expect(order).toHaveLength(5);
    for (const node of nodes) {
      for (const need of node.needs) expect(order.indexOf(need)).toBeLessThan(order.indexOf(node.name));
    }
  });

  test('a circle of 2 is refused with its path', () => {
    const circle = [
      { name: 'a', needs: ['b'] },
      { name: 'b', needs: ['a'] },
    ];
    expect(() => startOrder(circle)).toThrow('a → b → a');
  });

  test('a need that does not exist is refused with both names', () => {
    expect(() => startOrder([{ name: 'a', needs: ['ghost'] }])).toThrow('unit a needs ghost');
  });

  test('the closure of topics is topics and kafka, nothing else', () => {
    expect([...closure(nodes, ['topics'])].sort()).toEqual(['kafka', 'topics']);
  });

  test('kafka stops only after topics', () => {
    expect(dependants(nodes, 'kafka')).toEqual(['topics']);
  });
});
