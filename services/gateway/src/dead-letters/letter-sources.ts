import {
  DeadLetterDetail,
  OwnDeadLetters,
  ownDeadLetterRoutes,
  pathTo,
  type OwnDeadLetterRoutes,
  type Route,
} from '@berth/api';
import { Problem, type ServiceName } from '@berth/contracts';
import type { DeadLetters } from '@berth/platform/bus';
import { ProblemError, refuse } from '@berth/platform/errors';
import { z } from 'zod';
import type { Visit } from '../edge/visit.js';
import type { Identities } from '../forward/identities.js';
import type { Owners } from '../forward/owners.js';
import { actorOf } from '../rights/caller.js';

/** What is asked of a service about its dead letters. */
export interface LettersWanted {
  readonly state: 'open' | 'resolved' | 'all';
  readonly text?: string | undefined;
  readonly before?: { readonly at: string; readonly id: number } | undefined;
  readonly limit: number;
}

const Resolved = z.object({ operationId: z.uuid().nullable() });
type Action = 'replay' | 'discard';

/** The dead letters of one service, wherever they are. Each method throws ProblemError. */
export interface LetterSource {
  readonly owner: ServiceName;
  list(wanted: LettersWanted, visit: Visit): Promise<OwnDeadLetters>;
  get(id: number, visit: Visit): Promise<DeadLetterDetail>;
  resolve(action: Action, id: number, cause: string, visit: Visit): Promise<{ operationId: string | null }>;
}

/** Those of the gateway itself. */
export function ownLetters(letters: DeadLetters): LetterSource {
  return {
    owner: 'gateway',
    list: async (wanted) => ({ items: await letters.list(wanted), open: await letters.countOpen() }),
    get: (id) => letters.get(id),
    async resolve(action, id, cause, { caller }) {
      const by = actorOf(caller);
      if (action === 'replay') return { operationId: await letters.replay(id, by, cause) };
      await letters.discard(id, by, cause);
      return { operationId: null };
    },
  };
}

/** A service that does not answer for this long counts as away: the others are shown without it. */
const patienceMs = 3_000;

/** Those of another service, asked with an identity that the gateway signs. */
export class RemoteLetters implements LetterSource {
  private readonly routes: OwnDeadLetterRoutes;

  constructor(
    readonly owner: ServiceName,
    private readonly owners: Owners,
    private readonly identities: Identities,
  ) {
    this.routes = ownDeadLetterRoutes(owner);
  }

  list({ before, ...wanted }: LettersWanted, visit: Visit): Promise<OwnDeadLetters> {
    const fields = { ...wanted, ...(before && { beforeAt: before.at, beforeId: before.id }) };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, String(value));
    return this.ask(this.routes.list, `${pathTo(this.routes.list)}?${query.toString()}`, OwnDeadLetters, visit);
  }

  get(id: number, visit: Visit): Promise<DeadLetterDetail> {
    return this.ask(this.routes.get, pathTo(this.routes.get, { id }), DeadLetterDetail, visit);
  }

  resolve(action: Action, id: number, cause: string, visit: Visit): Promise<{ operationId: string | null }> {
    const route = this.routes[action];
    return this.ask(route, pathTo(route, { id }), Resolved, visit, { cause });
  }

  private async ask<S extends z.ZodType>(
    route: Pick<Route, 'owner' | 'permission' | 'method'>,
    path: string,
    schema: S,
    visit: Visit,
    body?: object,
  ): Promise<z.output<S>> {
    const { owner } = this;
    const identity = await this.identities.headers(route, visit.caller, visit.scopes);
    const signal = AbortSignal.timeout(patienceMs);
    const answer = await this.owners
      .ask(owner, {
        method: route.method,
        path,
        headers: { ...identity, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
        body: body && (() => JSON.stringify(body)),
        isSafe: route.method === 'GET',
        isStream: false,
        signal,
      })
      .catch((error: unknown) => {
        throw signal.aborted ? refuse('service_unavailable', { service: owner }) : error;
      });
    const said: unknown = await answer.body.json().catch(() => undefined);
    const parsed = schema.safeParse(said);
    if (answer.statusCode === 200 && parsed.success) return parsed.data;
    const problem = Problem.safeParse(said);
    // An older copy has no such address during an upgrade, and a refused signature is not the caller's fault.
    const isTheirs = problem.success && answer.statusCode !== 401 && problem.data.params?.what === 'dead letter';
    if (isTheirs || (problem.success && problem.data.code === 'nothing_to_do')) throw new ProblemError(problem.data);
    throw refuse('service_unavailable', { service: owner });
  }
}
