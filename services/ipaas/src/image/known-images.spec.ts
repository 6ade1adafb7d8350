import { describe, expect, test } from '@jest/globals';
import { knownImages, type RunningImage } from './known-images.js';

const digest = `sha256:${'a'.repeat(64)}`;
const row = (project: string, name: string, tag: string | null): RunningImage => ({
  project,
  image: { reference: `${name}@${digest}`, tag },
});

describe('images that the form offers', () => {
  const running = [
    row('pay', 'hub.example:5000/pay/cashier', '5.12.0'),
    row('shop', 'hub.example:5000/shop/cart', '1.9'),
    row('shop', 'hub.example:5000/shop/cart', '1.10'),
    row('shop', 'hub.example:5000/shop/cart', '1.10'),
  ];

  test('those of the project come first, then the offered ones, then what runs elsewhere', () => {
    const offered = [{ repository: 'hub.example:5000/samples/web', tags: ['1.0', '1.1'] }];
    expect(knownImages(running, offered, 'shop').map(({ repository, from }) => [repository, from])).toEqual([
      ['hub.example:5000/shop/cart', 'project'],
      ['hub.example:5000/samples/web', 'offered'],
      ['hub.example:5000/pay/cashier', 'elsewhere'],
    ]);
  });

  test('each version is said once with its registry, the newest first', () => {
    expect(knownImages(running, [], 'shop')[0]?.versions).toEqual([
      { tag: '1.10', image: 'hub.example:5000/shop/cart:1.10' },
      { tag: '1.9', image: 'hub.example:5000/shop/cart:1.9' },
    ]);
  });

  test('what has no tag is offered by its digest, after those that have one', () => {
    const mixed = [row('shop', 'hub.example/shop/cart', null), row('shop', 'hub.example/shop/cart', '1.0')];
    expect(knownImages(mixed, [], 'shop')[0]?.versions).toEqual([
      { tag: '1.0', image: 'hub.example/shop/cart:1.0' },
      { tag: null, image: `hub.example/shop/cart@${digest}` },
    ]);
  });

  test('an offered image that runs is one row with all of its versions', () => {
    const offered = [{ repository: 'hub.example:5000/pay/cashier', tags: ['5.13.0'] }];
    expect(knownImages(running, offered, 'shop').at(-1)).toEqual({
      repository: 'hub.example:5000/pay/cashier',
      from: 'offered',
      versions: [
        { tag: '5.13.0', image: 'hub.example:5000/pay/cashier:5.13.0' },
        { tag: '5.12.0', image: 'hub.example:5000/pay/cashier:5.12.0' },
      ],
    });
  });

  test('at most 20 versions of 25, and 50 repositories of 60', () => {
    const tags = Array.from({ length: 25 }, (_, index) => `1.${index}`);
    const many = Array.from({ length: 60 }, (_, index) => ({ repository: `hub.example/many/${index}`, tags }));
    const found = knownImages([], many, 'shop');
    expect(found).toHaveLength(50);
    expect(found[0]?.versions).toHaveLength(20);
    expect(found[0]?.versions[0]?.tag).toBe('1.24');
  });
});
