import type { AuditChain, AuditFilter, AuditRow, AuditVerification } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import { Readable } from 'node:stream';
import { entryOf, type Visit } from '../edge/visit.js';
import { csvLine, filterText, type AuditWanted } from './audit.js';
import type { AuditStore } from './audit.store.pg.js';
import type { AuditVerifier } from './verifier.js';

const exportBatchRows = 1_000;
const csvColumns = [
  'sequence',
  'at',
  'actor',
  'name',
  'channel',
  'address',
  'action',
  'target',
  'cause',
  'result',
  'problem',
  'operation',
  'correlation',
];

/** The audit log: looking, taking away, checking. */
export class AuditService {
  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly audit: AuditStore,
    private readonly verifier: AuditVerifier,
    private readonly clock: Clock,
  ) {}

  list(wanted: AuditWanted): Promise<AuditRow[]> {
    return this.audit.list(this.database, wanted);
  }

  /** All rows of the filter as lines of text, newest first; that somebody took them is a row itself. */
  async export(filter: AuditFilter, format: 'csv' | 'ndjson', visit: Visit): Promise<Readable> {
    const target = `audit ${filterText({ format, ...filter })}`.trim();
    await this.append(visit, target);
    return Readable.from(format === 'csv' ? this.csv(filter) : this.ndjson(filter), { objectMode: false });
  }

  chain(): Promise<AuditChain> {
    return this.verifier.state();
  }

  async verify(visit: Visit): Promise<AuditVerification> {
    const verification = await this.verifier.verify(visit.caller.userName);
    const { findings, headSequence } = verification;
    await this.append(visit, `audit 1–${headSequence}: ${findings.length} findings`);
    return verification;
  }

  private append(visit: Visit, target: string): Promise<void> {
    const entry = entryOf(visit, 'done', { target });
    return this.database.transaction((tx) => this.audit.append(tx, [entry], this.clock.now()));
  }

  private async *ndjson(filter: AuditFilter): AsyncGenerator<string> {
    for await (const rows of this.batches(filter)) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  }

  private async *csv(filter: AuditFilter): AsyncGenerator<string> {
    // Spreadsheets take a file without the mark for one in the encoding of their country.
    yield `\uFEFF${csvLine(csvColumns)}`;
    for await (const rows of this.batches(filter)) yield rows.map((row) => csvLine(cellsOf(row))).join('');
  }

  private async *batches(filter: AuditFilter): AsyncGenerator<AuditRow[]> {
    for (let before: number | undefined; ;) {
      const rows = await this.list({ ...filter, before, limit: exportBatchRows });
      if (rows.length > 0) yield rows;
      before = rows.at(-1)?.position;
      if (rows.length < exportBatchRows) return;
    }
  }
}

function cellsOf(row: AuditRow): (string | number | null)[] {
  const { actor } = row;
  return [
    row.sequence,
    row.at,
    actor.username ?? actor.name,
    actor.name,
    actor.channel,
    row.address,
    row.action,
    row.target,
    row.cause,
    row.result,
    row.problemCode,
    row.operationId,
    row.correlationId,
  ];
}
