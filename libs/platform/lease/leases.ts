import { randomUUID } from 'node:crypto';
import { messageOf } from '../errors/index.js';
import type { Logger } from '../log/index.js';
import { metrics } from '../metrics/index.js';
import type { Database } from '../postgres/index.js';
import { HeldLease, type Lease } from './held-lease.js';
import { sleepUntilAborted } from './sleep.js';

export interface LeaseOptions {
  readonly database: Database;
  /** Name of this copy, the same after a restart. Two running copies must never have the same one. */
  readonly instance: string;
  readonly log: Logger;
  /** 15 s unless given. */
  readonly ttlMs?: number;
  /** 5 s unless given. */
  readonly renewMs?: number;
}

type Work = (lease: Lease, signal: AbortSignal) => Promise<void>;
const channel = 'berth_lease';

/** Work that exactly one copy does at a time, by row leases and the database's clock. */
export class Leases {
  /** Tells this process from an earlier one of the same name. */
  private readonly processRun = randomUUID();
  private readonly ttlMs: number;
  private readonly renewMs: number;
  private readonly wakers = new Map<string, () => void>();
  private readonly held = metrics.gauge('berth_lease_held', '1 while this copy holds the lease', ['lease']);
  private listening: Promise<() => Promise<void>> | undefined;

  constructor(private readonly options: LeaseOptions) {
    this.ttlMs = options.ttlMs ?? 15_000;
    this.renewMs = options.renewMs ?? 5_000;
  }

  /**
   * Takes the lease whenever it is free and runs `work` while it is held; on loss the signal is aborted, and `work` must
   * end soon. When `work` ends by itself or fails, the lease is given back and tried again a little later. The returned
   * function stops all that, waits for `work` to end and releases the lease, so that another copy takes it at once.
   */
  run(name: string, work: Work): () => Promise<void> {
    this.listening ??= this.options.database.listen(channel, (heard) => this.wakers.get(heard)?.());
    const stopping = new AbortController();
    const finished = this.keepTrying(name, work, stopping.signal);
    return async () => {
      stopping.abort();
      await finished;
    };
  }

  /** Who holds the leases whose names begin with `prefix`, now. */
  holders(prefix: string): Promise<{ name: string; holder: string; fence: number }[]> {
    return this.options.database.query(
      `select name, holder, fence from lease where starts_with(name, $1) and expires_at > clock_timestamp() order by name`,
      [prefix],
    );
  }

  private async keepTrying(name: string, work: Work, stopping: AbortSignal): Promise<void> {
    // A copy that was killed and started again need not wait for the lease of its former life to expire.
    let mayTakeOwn = true;
    while (!stopping.aborted) {
      const lease = await this.take(name, mayTakeOwn).catch((error: unknown) => {
        this.options.log.debug('A lease could not be asked for', { lease: name, reason: messageOf(error) });
        return undefined;
      });
      if (lease) await this.hold(lease, work, stopping);
      if (lease !== undefined) mayTakeOwn = false;
      await this.waitForChance(name, lease ? 500 : this.renewMs, stopping);
    }
  }

  /** The lease; null when somebody else has it. */
  private async take(name: string, mayTakeOwn: boolean): Promise<HeldLease | null> {
    const askedAtMs = performance.now();
    const rows = await this.options.database.query<{ fence: number }>(
      `insert into lease (name, holder, run, fence, expires_at)
       values ($1, $2, $3, 1, clock_timestamp() + make_interval(secs => $4))
       on conflict (name) do update
         set holder = excluded.holder, run = excluded.run, fence = lease.fence + 1, expires_at = excluded.expires_at
         where lease.expires_at <= clock_timestamp() or ($5 and lease.holder = excluded.holder)
       returning fence`,
      [name, this.options.instance, this.processRun, this.ttlMs / 1_000, mayTakeOwn],
    );
    const [row] = rows;
    return row ? new HeldLease(name, row.fence, this.processRun, this.ttlMs, askedAtMs) : null;
  }

  private async hold(lease: HeldLease, work: Work, stopping: AbortSignal): Promise<void> {
    const { log, database } = this.options;
    const lost = new AbortController();
    const ended = new AbortController();
    log.info('Lease taken', { lease: lease.name, fence: lease.fence });
    this.held.set({ lease: lease.name }, 1);
    const renewing = this.keepRenewing(lease, lost, AbortSignal.any([stopping, ended.signal]));
    try {
      await work(lease, AbortSignal.any([stopping, lost.signal]));
    } catch (error) {
      if (!stopping.aborted && !lost.signal.aborted)
        log.error('Work under a lease failed; it will be tried again', { lease: lease.name, err: error });
    }
    ended.abort();
    await renewing;
    this.held.set({ lease: lease.name }, 0);
    if (!lost.signal.aborted) await lease.release(database).catch(() => undefined);
    log.info(lost.signal.aborted ? 'Lease lost' : 'Lease given back', { lease: lease.name, fence: lease.fence });
  }

  private async keepRenewing(lease: HeldLease, lost: AbortController, ended: AbortSignal): Promise<void> {
    let waitMs = this.renewMs;
    while (!ended.aborted && !lost.signal.aborted) {
      await sleepUntilAborted(Math.min(waitMs, lease.remainingMs()), ended);
      if (ended.aborted) return;
      if (lease.remainingMs() === 0) return lost.abort();
      // A renewal that hangs must not hide that the time is up.
      const patience = new AbortController();
      const timeout = sleepUntilAborted(lease.remainingMs(), patience.signal).then(() => 'late' as const);
      const renewal = lease.renew(this.options.database).then(
        (renewed) => (renewed ? ('renewed' as const) : ('lost' as const)),
        () => 'failed' as const,
      );
      const outcome = await Promise.race([renewal, timeout]);
      patience.abort();
      if (outcome === 'lost' || outcome === 'late') return lost.abort();
      waitMs = outcome === 'renewed' ? this.renewMs : Math.min(500, this.renewMs);
    }
  }

  private async waitForChance(name: string, ms: number, stopping: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.wakers.set(name, () => woken.abort());
    // Copies that wait for the same lease should not all ask in the same moment.
    await sleepUntilAborted(ms * (0.8 + Math.random() * 0.4), AbortSignal.any([stopping, woken.signal]));
    this.wakers.delete(name);
  }
}
