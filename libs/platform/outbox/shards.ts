import { createHash } from 'node:crypto';

/** Each shard is relayed by one copy at a time; a key always falls into the same one. */
export const shardCount = 4;

/** Channel on which copies tell one another that there is something to relay. */
export const outboxChannel = 'berth_outbox';

/** Shard of a key, 0 to 3. */
export function shardOf(key: string): number {
  return createHash('sha1').update(key).digest().readUInt32BE(0) % shardCount;
}
