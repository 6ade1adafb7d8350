import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { GroupCommit, type Outbox, type Saying } from '@berth/platform/outbox';
import type { Database, Tx } from '@berth/platform/postgres';
import type { AuditEntry } from '../audit/audit.js';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { placeOf } from '../feed/feed.js';
import type { FeedStore } from '../feed/feed.store.pg.js';
import type { OperationRow } from '../operations/operations.js';
import type { OperationStore } from '../operations/operations.store.pg.js';
import type { IdempotencyStore, KeyRow } from './idempotency.store.pg.js';

/** A command that is to be accepted. */
export interface Intake {
  readonly operation: OperationRow;
  readonly saying: Saying;
  readonly entry: AuditEntry;
  readonly key: KeyRow | null;
}

/** The operation that stands for a command: its own, or the one of an earlier request with the same key. */
export interface Accepted {
  readonly operationId: string;
  readonly target: string;
}

export interface IntakeOptions {
  readonly database: Pick<Database, 'transaction'>;
  readonly keys: IdempotencyStore;
  readonly operations: OperationStore;
  readonly feed: FeedStore;
  readonly outbox: Outbox;
  readonly audit: AuditStore;
  readonly clock: Clock;
}

/** Accepts commands: operation, command and audit row in one transaction, shared by all that arrive at the same time. */
export class CommandIntake {
  private readonly group: GroupCommit<Intake, KeyRow | null>;

  constructor(private readonly with_: IntakeOptions) {
    this.group = new GroupCommit({ database: with_.database, run: (tx, items) => this.run(tx, items), maxItems: 200 });
  }

  /** @throws ProblemError `idempotency_key_reused` */
  async accept(intake: Intake): Promise<Accepted> {
    const standing = await this.group.submit(intake);
    if (standing === null) return { operationId: intake.operation.id, target: intake.operation.target };
    return sameRequest(standing, intake.key?.requestHash ?? '');
  }

  private async run(tx: Tx, items: readonly Intake[]): Promise<(KeyRow | null)[]> {
    const { keys, operations, feed, outbox, audit, clock } = this.with_;
    const now = clock.now();
    const claims = await keys.claim(
      tx,
      items.flatMap(({ key }) => (key ? [key] : [])),
      now,
    );
    const standings = items.map(({ operation }) => claims.get(operation.id) ?? null);
    const fresh = items.filter(
      ({ operation }, index) => (standings[index]?.operationId ?? operation.id) === operation.id,
    );
    if (fresh.length === 0) return standings;
    await operations.add(
      tx,
      fresh.map(({ operation }) => operation),
    );
    await feed.add(
      tx,
      fresh.map(({ operation }) => ({
        kind: 'operation' as const,
        key: operation.id,
        version: 0,
        ...placeOf(operation.target),
      })),
    );
    await outbox.appendAll(
      tx,
      fresh.map(({ saying }) => saying),
    );
    // Last: it holds the lock on the end of the chain until the commit.
    await audit.append(
      tx,
      fresh.map(({ entry }) => entry),
      now,
    );
    return standings;
  }
}

/** What an earlier request with the same key led to. @throws ProblemError when it was another request */
export function sameRequest(standing: KeyRow, requestHash: string): Accepted {
  if (standing.requestHash !== requestHash) throw refuse('idempotency_key_reused');
  return { operationId: standing.operationId, target: standing.target };
}
