import type { Clock } from '@berth/platform/clock';
import type { Logger } from '@berth/platform/log';
import { WakeableLoop } from '@berth/platform/loop';
import type { Database } from '@berth/platform/postgres';
import type { AcknowledgementStore } from './acknowledgements/acknowledgements.store.pg.js';
import type { IdempotencyStore } from './commands/idempotency.store.pg.js';
import { keepMs } from './feed/feed.js';
import type { FeedStore } from './feed/feed.store.pg.js';
import type { OperationService } from './operations/operations.service.js';
import type { SessionStore } from './session/session.store.pg.js';

const everyMs = 10_000;

export interface HousekeepingOptions {
  readonly database: Pick<Database, 'query'>;
  readonly operations: OperationService;
  readonly sessions: SessionStore;
  readonly keys: IdempotencyStore;
  readonly feed: FeedStore;
  readonly acknowledgements: AcknowledgementStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Ends what nobody ended and forgets what is over. Every copy does it; each statement is safe beside its twin. */
export function housekeeping({
  database,
  operations,
  sessions,
  keys,
  feed,
  acknowledgements,
  clock,
  log,
}: HousekeepingOptions): WakeableLoop {
  const run = async () => {
    const now = clock.now();
    await operations.sweep();
    await sessions.removeEnded(database, now);
    await keys.removeOld(database, now);
    await acknowledgements.removeOver(database, now);
    await feed.prune(database, new Date(now.getTime() - keepMs));
  };
  return new WakeableLoop({ name: 'housekeeping', everyMs, log, run });
}
