import { Redis } from 'ioredis';
import type { Logger } from '../log/index.js';

export { Redis } from 'ioredis';

/**
 * A connection that may be lost at any time: commands fail fast instead of queueing while it is away, and it reconnects
 * for ever. Whoever uses it must go on without it (a cache misses, a rate limit lets through).
 */
export function createRedis(url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    connectTimeout: 3_000,
    commandTimeout: 2_000,
    retryStrategy: (tries: number) => Math.min(100 * 2 ** Math.min(tries, 5), 3_000),
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) log.warn('Redis is away', { err: error });
    away = true;
  });
  redis.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
  });
  redis.connect().catch(() => undefined);
  return redis;
}
