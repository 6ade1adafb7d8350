import { describe, expect, test } from '@jest/globals';
import { nameAfter } from './target.js';

const known = [
  { code: 'cart', name: '购物车' },
  { code: 'order', name: '订单' },
];

describe('the name of a service while its code is chosen', () => {
  test.each([
    ['an empty name becomes that of the code', { code: '', name: '' }, 'cart', '购物车'],
    ['the name of the code before gives way', { code: 'cart', name: '购物车' }, 'order', '订单'],
    ['the name of the code before goes when the next has none', { code: 'cart', name: '购物车' }, 'carts', ''],
    ['a name of one’s own stays', { code: 'cart', name: '新购物车' }, 'order', '新购物车'],
  ])('%s', (_, before, code, expected) => {
    expect(nameAfter(code, before, known)).toBe(expected);
  });
});
