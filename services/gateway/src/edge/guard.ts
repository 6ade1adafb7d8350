import type { Route } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import { currentContext } from '@berth/platform/log';
import type { Database } from '@berth/platform/postgres';
import type { FastifyRequest } from 'fastify';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { subjectOf } from '../audit/subject.js';
import type { Access } from '../rights/access.js';
import { passwordRefusal } from '../rights/rights.js';
import type { Authenticator } from '../session/authenticator.js';
import { csrfHeader } from '../session/session.js';
import { fieldErrors } from './problems.js';
import { entryOf, type PublicVisit, type Visit } from './visit.js';

export interface GuardOptions {
  readonly authenticator: Authenticator;
  readonly access: Access;
  readonly audit: AuditStore;
  readonly database: Pick<Database, 'transaction'>;
  readonly clock: Clock;
  readonly trustProxy: boolean;
}

/** Lets requests through: session, CSRF, first password, right. Writes that are turned away leave an audit row. */
export class Guard {
  constructor(private readonly with_: GuardOptions) {}

  /** For routes that need no session. */
  openVisit(route: Route, request: FastifyRequest): PublicVisit {
    const correlationId = currentContext()?.correlationId ?? String(request.id);
    const channel = isFromBrowser(request) ? 'portal' : 'api';
    const userAgent = single(request.headers['user-agent'])?.slice(0, 300) ?? null;
    return { route, address: this.addressOf(request), correlationId, channel, userAgent };
  }

  /**
   * Runs `work` for a caller who has the right of the route.
   * @throws ProblemError `not_logged_in`, `csrf`, `password_change_required`, `bad_request`, `forbidden`, or what `work` refuses
   */
  async enter<T>(route: Route, request: FastifyRequest, work: (visit: Visit) => Promise<T>): Promise<T> {
    const { authenticator, access } = this.with_;
    const { address, correlationId } = this.openVisit(route, request);
    const { caller, sessionToken } = await authenticator.authenticate({
      authorization: request.headers.authorization,
      cookie: request.headers.cookie,
      csrfToken: single(request.headers[csrfHeader]),
      changes: request.method !== 'GET',
      fromBrowser: isFromBrowser(request),
    });
    const visit = { route, caller, sessionToken, address, correlationId };
    try {
      const refusal = passwordRefusal(caller, route);
      if (refusal) throw refusal;
      const params = route.params.safeParse(request.params ?? {});
      if (!params.success) throw refuse('bad_request', {}, { errors: fieldErrors(params.error.issues, 'params.') });
      const scopes = await access.require(caller, route, params.data as Record<string, unknown>);
      return await work({ ...visit, scopes });
    } catch (error) {
      if (route.audited && error instanceof ProblemError) await this.record(visit, request, error);
      throw error;
    }
  }

  /** Whether the caller of an answer that goes on may still have it, by session and bindings of this moment. */
  async stillMay(route: Route, request: FastifyRequest): Promise<boolean> {
    const { authenticator, access } = this.with_;
    const { authorization, cookie } = request.headers;
    const caller = await authenticator.present({ authorization, cookie, fromBrowser: isFromBrowser(request) });
    if (!caller || passwordRefusal(caller, route)) return false;
    return access.require(caller, route, request.params as Record<string, unknown>).then(
      () => true,
      (error: unknown) => {
        if (error instanceof ProblemError) return false;
        throw error;
      },
    );
  }

  private async record(visit: Omit<Visit, 'scopes'>, request: FastifyRequest, error: ProblemError): Promise<void> {
    const { code } = error.problem;
    const { target, cause } = subjectOf(visit.route, request);
    const entry = entryOf(visit, code === 'forbidden' ? 'forbidden' : 'refused', {
      target: target || visit.caller.userName,
      cause,
      problemCode: code,
    });
    await this.with_.database.transaction((tx) => this.with_.audit.append(tx, [entry], this.with_.clock.now()));
  }

  private addressOf(request: FastifyRequest): string {
    const forwarded = single(request.headers['x-forwarded-for'])?.split(',').at(-1)?.trim();
    const direct = request.raw.socket.remoteAddress ?? 'unknown';
    return (this.with_.trustProxy && forwarded ? forwarded : direct).slice(0, 60);
  }
}

/** Browsers say where a request comes from, and pages cannot forge it. */
function isFromBrowser(request: FastifyRequest): boolean {
  return request.headers['sec-fetch-site'] !== undefined;
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
