import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aService, anImage, aSpec, Harness, policy } from '../service/service.harness.js';
import { KnownImagesService } from './known-images.service.js';
import { KnownImagesStore } from './known-images.store.pg.js';

let it: Harness;
let known: KnownImagesService;

beforeAll(async () => {
  it = await Harness.start();
  await it.handle('projectState', {
    code: 'C',
    businessLine: { code: 'pay', name: '支付' },
    cmdbId: 'p',
    updatedAt: it.clock.now().toISOString(),
    slug: 'shop',
    name: '商城',
    retired: false,
    allowsUnregistered: true,
  });
  for (const tag of ['1.9', '1.10']) it.registry.push({ image: `hub.example/samples/web:${tag}` });
  it.registry.protect('private.example', { username: 'u', password: 'p' });
  const digest = it.registry.push({ image: 'hub.example:5000/shop/cart:1.0' });
  const image = { ...anImage('1.0'), digest, reference: `hub.example:5000/shop/cart@${digest}` };
  const service = aService('cart');
  await it.handle('deployService', { ...service, name: '购物车', spec: aSpec(), image, replicas: 2, policy });
  const config = { BERTH_OFFERED_IMAGES: ['hub.example/samples/web', 'private.example/secret'] };
  known = new KnownImagesService(it.database, new KnownImagesStore(), it.images, config, it.clock);
});
afterAll(() => it.close());

describe('images to choose from', () => {
  test('what runs is named with its registry; 1 offered repository has 2 versions, 1 behind a login is left out', async () => {
    expect(await known.list('shop', { scopes: 'all' })).toEqual([
      {
        repository: 'hub.example:5000/shop/cart',
        from: 'project',
        versions: [{ tag: '1.0', image: 'hub.example:5000/shop/cart:1.0' }],
      },
      {
        repository: 'hub.example/samples/web',
        from: 'offered',
        versions: [
          { tag: '1.10', image: 'hub.example/samples/web:1.10' },
          { tag: '1.9', image: 'hub.example/samples/web:1.9' },
        ],
      },
    ]);
  });

  test('whoever may read only another environment sees 0 images of it, and the offered ones', async () => {
    const seen = await known.list('shop', { scopes: ['shop/test'] });
    expect(seen.map(({ repository }) => repository)).toEqual(['hub.example/samples/web']);
  });
});
