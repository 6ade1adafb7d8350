import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { Redis } from '@berth/platform/redis';

export const windowSeconds = 600;
/** Tries in one window, for one user name from one address, and for one address. */
export const triesPerUser = 10;
export const triesPerAddress = 100;
const maxRemembered = 20_000;

interface Counter {
  count: number;
  endsAt: number;
}

/**
 * Counts failed logins. Redis makes the copies count together; while it is away each copy counts alone in memory, so the
 * limit never opens. When the memory is full of live counters, new callers wait.
 */
export class Attempts {
  private readonly memory = new Map<string, Counter>();

  constructor(
    private readonly redis: Pick<Redis, 'multi' | 'del' | 'decr'> | undefined,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes one try before the password is looked at, so that tries at the same time cannot slip through.
   * @throws ProblemError `too_many_attempts` with the seconds to wait
   */
  async take(username: string, address: string): Promise<void> {
    const [user, source] = await Promise.all([this.count(userKey(username, address)), this.count(addressKey(address))]);
    const over = [user.count > triesPerUser && user, source.count > triesPerAddress && source].filter(
      (one) => one !== false,
    );
    const seconds = Math.max(0, ...over.map((one) => one.seconds));
    if (over.length > 0) throw refuse('too_many_attempts', { seconds: Math.max(1, seconds) });
  }

  /** Gives the try back after a right password. */
  async forgive(username: string, address: string): Promise<void> {
    this.memory.delete(userKey(username, address));
    const source = this.memory.get(addressKey(address));
    if (source) source.count -= 1;
    await Promise.all([this.redis?.del(userKey(username, address)), this.redis?.decr(addressKey(address))]).catch(
      () => undefined,
    );
  }

  private async count(key: string): Promise<{ count: number; seconds: number }> {
    const mine = this.countInMemory(key);
    const shared = await this.countInRedis(key).catch(() => undefined);
    return shared && shared.count > mine.count ? shared : mine;
  }

  private async countInRedis(key: string): Promise<{ count: number; seconds: number } | undefined> {
    const replies = await this.redis?.multi().incr(key).expire(key, windowSeconds, 'NX').ttl(key).exec();
    const [count, , ttl] = (replies ?? []).map(([error, value]) => (error ? undefined : Number(value)));
    return count === undefined ? undefined : { count, seconds: ttl && ttl > 0 ? ttl : windowSeconds };
  }

  private countInMemory(key: string): { count: number; seconds: number } {
    const now = this.clock.now().getTime();
    const known = this.memory.get(key);
    if (!known || known.endsAt <= now) {
      if (!this.makeRoom(now)) return { count: Number.MAX_SAFE_INTEGER, seconds: windowSeconds };
      this.memory.set(key, { count: 1, endsAt: now + windowSeconds * 1_000 });
      return { count: 1, seconds: windowSeconds };
    }
    known.count += 1;
    return { count: known.count, seconds: Math.ceil((known.endsAt - now) / 1_000) };
  }

  private makeRoom(now: number): boolean {
    if (this.memory.size < maxRemembered) return true;
    for (const [key, { endsAt }] of this.memory) if (endsAt <= now) this.memory.delete(key);
    return this.memory.size < maxRemembered;
  }
}

function userKey(username: string, address: string): string {
  return `berth:login:${address}:${username.toLowerCase()}`;
}

function addressKey(address: string): string {
  return `berth:login:${address}`;
}
