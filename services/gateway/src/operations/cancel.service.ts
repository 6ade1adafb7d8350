import { missing, type Accepted } from '@berth/api';
import { parseServiceKey } from '@berth/contracts';
import type { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import type { Outbox } from '@berth/platform/outbox';
import type { Database, Tx } from '@berth/platform/postgres';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type Visit } from '../edge/visit.js';
import { placeOf } from '../feed/feed.js';
import type { FeedStore } from '../feed/feed.store.pg.js';
import type { Access } from '../rights/access.js';
import { personOf } from '../rights/caller.js';
import { isBeingCancelled, wayToCancel, whyNotCancellable, type Way } from './cancel.js';
import type { OperationRow } from './operations.js';
import type { OperationStore } from './operations.store.pg.js';

export interface CancelServiceOptions {
  readonly database: Pick<Database, 'query' | 'transaction'>;
  readonly store: OperationStore;
  readonly access: Access;
  readonly outbox: Outbox;
  readonly feed: FeedStore;
  readonly audit: AuditStore;
  readonly clock: Clock;
}

/** Asks the conductor of an operation to cancel it. */
export class CancelService {
  constructor(private readonly with_: CancelServiceOptions) {}

  /**
   * Asking again while the first cancel is carried out sends nothing.
   * @throws ProblemError `not_found`, `operation_ended`, `not_cancellable`, `forbidden`, `cause_required`
   */
  async cancel(id: string, cause: string | null, visit: Visit): Promise<Accepted> {
    const { database, store, access } = this.with_;
    const found = await store.get(database, id, visit.scopes);
    if (!found) throw refuse('not_found', missing('operation'));
    const way = wayToCancel(found.kind);
    if (way) {
      const { project, environment } = parseServiceKey(found.target);
      await access.require(visit.caller, way.route, { project, environment });
      if (environment === 'prod' && cause === null) throw refuse('cause_required');
    }
    return database.transaction((tx) => this.ask(tx, id, cause, visit, way));
  }

  private async ask(tx: Tx, id: string, cause: string | null, visit: Visit, way: Way | undefined): Promise<Accepted> {
    const { store, outbox, audit, clock } = this.with_;
    const operation = await store.load(tx, id);
    if (!operation) throw refuse('not_found', missing('operation'));
    const problem = whyNotCancellable(operation);
    if (problem || !way) throw problem ? new ProblemError(problem) : refuse('internal');
    const { kind, target } = operation;
    const accepted = { operationId: id, target };
    if (isBeingCancelled(operation)) return accepted;
    const actor = personOf(visit.caller);
    const at = clock.now();
    const cancel = { actor, at: at.toISOString(), cause, refused: null };
    await store.save(tx, { ...operation, cancel });
    await this.tell(tx, operation);
    const data = { key: target, operationId: id, kind, ...(cause !== null && { cause }) };
    await outbox.append(tx, way.command, data, { actor, correlationId: visit.correlationId });
    await audit.append(tx, [entryOf(visit, 'accepted', { target, cause, operationId: id })], at);
    return accepted;
  }

  private tell(tx: Tx, { id, target }: OperationRow): Promise<void> {
    return this.with_.feed.add(tx, [{ kind: 'operation', key: id, version: 0, ...placeOf(target) }]);
  }
}
