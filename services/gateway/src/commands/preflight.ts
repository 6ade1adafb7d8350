import { PreflightAnswer, preflightPath, type PreflightRequest, type Route } from '@berth/api';
import { Problem } from '@berth/contracts';
import { ProblemError, refuse } from '@berth/platform/errors';
import type { Identities } from '../forward/identities.js';
import type { Owners } from '../forward/owners.js';
import type { Visit } from '../edge/visit.js';

/** Asks the owner of a command whether it would be refused, and for the data that makes it complete. */
export class Preflight {
  constructor(
    private readonly owners: Owners,
    private readonly identities: Identities,
  ) {}

  /** @throws ProblemError the owner's own problem, or `service_unavailable` */
  async ask(visit: Visit, request: PreflightRequest, signal: AbortSignal): Promise<Record<string, unknown>> {
    const { route } = visit;
    const body = JSON.stringify(request);
    const identity = await this.identities.headers(route, visit.caller, visit.scopes);
    const answer = await this.owners.ask(route.owner, {
      method: 'POST',
      path: preflightPath(route),
      headers: { ...identity, 'content-type': 'application/json', accept: 'application/json' },
      body: () => body,
      // It changes nothing, so another copy may be asked.
      isSafe: true,
      isStream: false,
      signal,
    });
    const said: unknown = await answer.body.json().catch(() => undefined);
    if (answer.statusCode === 200) return dataOf(route, said);
    const problem = Problem.safeParse(said);
    if (!problem.success || answer.statusCode === 401) throw refuse('service_unavailable', { service: route.owner });
    throw new ProblemError(problem.data);
  }
}

function dataOf(route: Route, said: unknown): Record<string, unknown> {
  const answer = PreflightAnswer.safeParse(said);
  if (!answer.success) throw new TypeError(`the preflight of ${route.id} answered something else than data`);
  return answer.data.data;
}
