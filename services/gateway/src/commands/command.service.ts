import type { Operation, Route } from '@berth/api';
import { isFinal } from '@berth/contracts';
import type { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import type { Outbox } from '@berth/platform/outbox';
import type { Database } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { entryOf, type Visit } from '../edge/visit.js';
import { deadlineMsOf, type OperationRow } from '../operations/operations.js';
import type { OperationService } from '../operations/operations.service.js';
import type { OperationWaiters } from '../operations/waiters.js';
import { personOf } from '../rights/caller.js';
import { sameRequest, type Accepted, type CommandIntake, type Intake } from './intake.js';
import type { IdempotencyStore, KeyRow } from './idempotency.store.pg.js';
import type { Preflight } from './preflight.js';
import { hashOfRequest } from './request.js';

/** A command as it was asked for, parsed. */
export interface CommandRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  readonly ifVersion: number | null;
  readonly idempotencyKey: string | null;
}

export interface CommandServiceOptions {
  readonly database: Pick<Database, 'query'>;
  readonly keys: IdempotencyStore;
  readonly preflight: Preflight;
  readonly intake: CommandIntake;
  readonly outbox: Outbox;
  readonly operations: OperationService;
  readonly waiters: OperationWaiters;
  readonly clock: Clock;
}

const Caused = z.looseObject({ cause: z.string().optional() });

/** Opens operations and sends their commands. */
export class CommandService {
  constructor(private readonly with_: CommandServiceOptions) {}

  /** @throws ProblemError when it is refused before acceptance: nothing was made then, and there is no operation. */
  async accept(request: CommandRequest, visit: Visit, signal: AbortSignal): Promise<Accepted> {
    const { params, query, body, ifVersion } = request;
    const requestHash = hashOfRequest({ route: visit.route.id, params, query, body, ifVersion });
    const earlier = await this.earlier(request, visit, requestHash);
    if (earlier) return earlier;
    if (params.environment === 'prod' && causeOf(request) === null) throw refuse('cause_required');
    try {
      const data = await this.dataOf(request, visit, signal);
      return await this.with_.intake.accept(this.intakeOf(request, visit, requestHash, data));
    } catch (error) {
      // The same click may have been accepted meanwhile; what it made is then what speaks against this one.
      const twin = error instanceof ProblemError ? await this.earlier(request, visit, requestHash) : undefined;
      if (twin) return twin;
      throw error;
    }
  }

  /** The operation when it ends within the time. @throws ProblemError the operation's, when it did not succeed */
  async ended(operationId: string, patienceMs: number, signal: AbortSignal): Promise<Operation | undefined> {
    const look = async () => {
      const operation = await this.with_.operations.get(operationId, 'all');
      return operation && isFinal(operation.state) ? operation : undefined;
    };
    return this.with_.waiters.until(operationId, look, patienceMs, signal);
  }

  private async earlier({ idempotencyKey }: CommandRequest, visit: Visit, hash: string): Promise<Accepted | undefined> {
    if (idempotencyKey === null) return undefined;
    const { keys, database, clock } = this.with_;
    const standing = await keys.find(database, visit.caller.userId, idempotencyKey, clock.now());
    return standing && sameRequest(standing, hash);
  }

  private async dataOf(request: CommandRequest, visit: Visit, signal: AbortSignal): Promise<Record<string, unknown>> {
    const { params, query, body, ifVersion } = request;
    const cause = causeOf(request);
    const data = commandOf(visit.route).preflight
      ? await this.with_.preflight.ask(visit, { params, query, body, ifVersion }, signal)
      : { ...params, ...(body as object) };
    return cause === null ? data : { cause, ...data };
  }

  private intakeOf(request: CommandRequest, visit: Visit, requestHash: string, data: Record<string, unknown>): Intake {
    const { outbox, clock } = this.with_;
    const { row, operation: kind } = commandOf(visit.route);
    const id = randomUUID();
    const actor = personOf(visit.caller);
    const uid = typeof data.uid === 'string' ? { uid: data.uid } : {};
    const saying = outbox.saying(row, data, { operationId: id, actor, correlationId: visit.correlationId, ...uid });
    const acceptedAt = clock.now();
    const cause = causeOf(request);
    const operation: OperationRow = {
      id,
      kind,
      target: saying.key,
      state: 'accepted',
      actor,
      cause,
      acceptedAt,
      startedAt: null,
      endedAt: null,
      deadlineAt: new Date(acceptedAt.getTime() + deadlineMsOf(kind, data)),
      steps: [],
      effect: null,
      problem: null,
      result: null,
      correlationId: visit.correlationId,
      cancel: null,
    };
    const key: KeyRow | null = request.idempotencyKey
      ? { userId: visit.caller.userId, key: request.idempotencyKey, requestHash, operationId: id, target: saying.key }
      : null;
    return {
      operation,
      saying,
      key,
      entry: entryOf(visit, 'accepted', { target: saying.key, cause, operationId: id }),
    };
  }
}

/** Why somebody does it, from the body or, where there is none, the query. */
export function causeOf({ body, query }: { body: unknown; query: unknown }): string | null {
  for (const part of [body, query]) {
    const parsed = Caused.safeParse(part);
    if (parsed.success && parsed.data.cause) return parsed.data.cause.slice(0, 500);
  }
  return null;
}

function commandOf(route: Route): NonNullable<Route['command']> {
  if (!route.command) throw new TypeError(`${route.id} is not a command`);
  return route.command;
}
