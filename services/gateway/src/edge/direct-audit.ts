import type { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import type { FastifyRequest } from 'fastify';
import type { AuditEntry } from '../audit/audit.js';
import type { AuditStore } from '../audit/audit.store.pg.js';
import type { Passed } from '../forward/forwarder.js';
import { targetOf } from './input.js';
import { entryOf, type Visit } from './visit.js';

/** Audit rows of changes that owners make at once: one before, so that none is made without a trace, one with its result. */
export class DirectAudit {
  constructor(
    private readonly database: Pick<Database, 'transaction'>,
    private readonly audit: AuditStore,
    private readonly clock: Clock,
  ) {}

  async around(visit: Visit, request: FastifyRequest, pass: () => Promise<Passed>): Promise<Passed> {
    // The body goes through unread, so the target comes from the address alone.
    const target = targetOf(visit.route, { params: request.params, body: undefined });
    await this.append(entryOf(visit, 'accepted', { target }));
    const passed = await pass();
    const problemCode = passed.status < 400 ? undefined : codeOf(passed);
    await this.append(
      problemCode === undefined
        ? entryOf(visit, 'done', { target })
        : entryOf(visit, 'refused', { target, problemCode }),
    );
    return passed;
  }

  private append(entry: AuditEntry): Promise<void> {
    return this.database.transaction((tx) => this.audit.append(tx, [entry], this.clock.now()));
  }
}

function codeOf({ body, status }: Passed): string {
  const text = Buffer.isBuffer(body) ? body.toString('utf8', 0, 10_000) : '';
  return text.match(/"code":"([a-z][a-z0-9_]{0,60})"/)?.[1] ?? `http_${status}`;
}
