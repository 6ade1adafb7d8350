import type { Operation } from '@berth/api';
import { isFinal, type OperationChange } from '@berth/contracts';
import type { Clock } from '@berth/platform/clock';
import type { Logger } from '@berth/platform/log';
import { metrics } from '@berth/platform/metrics';
import type { Database, Tx } from '@berth/platform/postgres';
import type { FeedStore } from '../feed/feed.store.pg.js';
import { placeOf } from '../feed/feed.js';
import type { Scopes } from '../rights/rights.js';
import { merge, openedBy, swept, sweepAfterMs, toOperation, type ChangeFrom, type OperationRow } from './operations.js';
import type { OperationFilter, OperationStore } from './operations.store.pg.js';

const sweepBatch = 100;

/** Operations: what their conductors say of them, and what people see. */
export class OperationService {
  private readonly late = metrics.counter('berth_operation_late_changes_total', 'States that came after the end', [
    'source',
  ]);
  private readonly ended = metrics.counter('berth_operations_ended_total', 'Operations that ended', ['kind', 'state']);

  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly operations: OperationStore,
    private readonly feed: FeedStore,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Takes in what a service says of an operation, in the transaction of its inbox row. */
  async changed(tx: Tx, change: OperationChange, from: ChangeFrom, version: number): Promise<void> {
    const known = await this.operations.load(tx, change.operationId);
    if (!known) await this.operations.add(tx, [openedBy(change, from)]);
    const before = known ?? (await this.operations.load(tx, change.operationId)) ?? openedBy(change, from);
    const { operation, isLate } = merge(before, change, from);
    if (isLate) {
      this.late.inc({ source: from.source });
      this.log.info('A state came after the end of its operation', { operationId: operation.id, state: change.state });
    }
    await this.operations.save(tx, operation);
    await this.tell(tx, operation, version);
    if (!isFinal(before.state) && isFinal(operation.state))
      tx.afterCommit(() => this.ended.inc({ kind: operation.kind, state: operation.state }));
  }

  /** Fails what nobody ended; safe in several copies. Gives how many there were. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const rows = await this.operations.overdue(tx, new Date(now.getTime() - sweepAfterMs), sweepBatch);
      for (const row of rows) {
        await this.operations.save(tx, swept(row, now));
        await this.tell(tx, row, 0);
        this.log.warn('An operation was not ended by its conductor', { operationId: row.id, kind: row.kind });
      }
      return rows.length;
    });
  }

  async get(id: string, scopes: Scopes): Promise<Operation | undefined> {
    const row = await this.operations.get(this.database, id, scopes);
    if (!row) return undefined;
    const medians = await this.operations.medians(this.database, [row.kind]);
    return toOperation(row, medians.get(row.kind) ?? null);
  }

  /** What was done to the same target around one; undefined when it may not be seen. */
  async neighbours(id: string, scopes: Scopes): Promise<Operation[] | undefined> {
    const row = await this.operations.get(this.database, id, scopes);
    if (!row) return undefined;
    const rows = await this.operations.around(this.database, row, 3);
    const medians = await this.operations.medians(
      this.database,
      rows.map(({ kind }) => kind),
    );
    return rows.map((one) => toOperation(one, medians.get(one.kind) ?? null));
  }

  /** Rows and the medians of their kinds. */
  async list(filter: OperationFilter): Promise<{ rows: OperationRow[]; medians: Map<string, number> }> {
    const rows = await this.operations.list(this.database, filter);
    const medians = await this.operations.medians(
      this.database,
      rows.map(({ kind }) => kind),
    );
    return { rows, medians };
  }

  private tell(tx: Tx, { id, target }: OperationRow, version: number): Promise<void> {
    return this.feed.add(tx, [{ kind: 'operation', key: id, version, ...placeOf(target) }]);
  }
}
