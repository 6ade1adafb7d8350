import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { silentLogger } from '../log/index.js';
import { createRedis } from './index.js';

test('a Redis that is away fails a command within 500 ms instead of holding the caller', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const redis = createRedis(`redis://127.0.0.1:${port}`, silentLogger());
  const askedAt = performance.now();
  await expect(redis.get('x')).rejects.toThrow();
  expect(performance.now() - askedAt).toBeLessThan(500);
  redis.disconnect();
  await new Promise((resolve) => server.close(resolve));
});
