import type { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import type { FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { AuditEntry } from '../audit/audit.js';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { headFields, subjectOf, type Subject } from '../audit/subject.js';
import type { Passed } from '../forward/forwarder.js';
import { entryOf, type Visit } from './visit.js';

const headBytes = 4_096;

/** Audit rows of changes that owners make at once: one before, so that none is made without a trace, one with its result. */
export class DirectAudit {
  constructor(
    private readonly database: Pick<Database, 'transaction'>,
    private readonly audit: AuditStore,
    private readonly clock: Clock,
  ) {}

  async around(visit: Visit, request: FastifyRequest, pass: () => Promise<Passed>): Promise<Passed> {
    const { params, query, body } = request;
    const about = (said: unknown): Subject => subjectOf(visit.route, { params, query, body: said });
    const head = body instanceof Readable ? await headOf(body) : undefined;
    const subject = about(head ?? body);
    await this.append(entryOf(visit, 'accepted', subject));
    const passed = await pass();
    if (passed.status >= 400) await this.append(entryOf(visit, 'refused', { ...subject, problemCode: codeOf(passed) }));
    // Of a body that went through unread, the owner says what it was.
    else await this.append(entryOf(visit, 'done', head ? about({ ...head, ...headFields(textOf(passed)) }) : subject));
    return passed;
  }

  private append(entry: AuditEntry): Promise<void> {
    return this.database.transaction((tx) => this.audit.append(tx, [entry], this.clock.now()));
  }
}

/** What a body that goes through unread begins with; the stream still has it afterwards. */
async function headOf(stream: Readable): Promise<Record<string, unknown>> {
  if (stream.readableEnded) return {};
  await once(stream, 'readable');
  const chunk = stream.read() as Buffer | null;
  if (chunk === null) return {};
  stream.unshift(chunk);
  return headFields(chunk.toString('utf8', 0, headBytes));
}

function codeOf(passed: Passed): string {
  return textOf(passed).match(/"code":"([a-z][a-z0-9_]{0,60})"/)?.[1] ?? `http_${passed.status}`;
}

function textOf({ body }: Passed): string {
  return Buffer.isBuffer(body) ? body.toString('utf8', 0, 10_000) : '';
}
