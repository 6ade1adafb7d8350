import type { InputOf, ResponseOf, Route, routes } from '@berth/api';
import type { Actor } from '@berth/contracts';
import type { Readable } from 'node:stream';
import type { AuditEntry } from '../audit/audit.js';
import { actorOf, type Caller } from '../rights/caller.js';
import type { Scopes } from '../rights/rights.js';

/** One request, after the caller is known and the right is checked. */
export interface Visit {
  readonly route: Route;
  readonly caller: Caller;
  /** Where the caller has the route's permission. */
  readonly scopes: Scopes;
  /** The session cookie's value, when the caller came with one. */
  readonly sessionToken: string | null;
  readonly address: string;
  readonly correlationId: string;
}

/** What a visit to a public route has. */
export type PublicVisit = Omit<Visit, 'caller' | 'scopes' | 'sessionToken'> & {
  /** Browser and system, as they say themselves. */
  readonly userAgent: string | null;
  /** Channel the request seems to come through. */
  readonly channel: Actor['channel'];
};

/** Answer of a route that the gateway serves itself. */
export interface LocalAnswer<Body> {
  readonly body: Body;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

type Table = typeof routes;
/** Routes of the gateway that need no session. */
type PublicRoute = 'login' | 'openapi';
/** Routes whose answer is written as it is read. */
type StreamedRoute = 'exportAudit';
/** Routes the gateway answers itself with one answer. The edge refuses to start when the table has one that is not here. */
export type LocalRoute =
  | PublicRoute
  | 'getSession'
  | 'logout'
  | 'changePassword'
  | 'listUsers'
  | 'createUser'
  | 'setBindings'
  | 'listSessions'
  | 'endSession'
  | 'listOwnTokens'
  | 'createOwnToken'
  | 'revokeOwnToken'
  | 'deactivateUser'
  | 'activateUser'
  | 'resetPassword'
  | 'listMembers'
  | 'listCandidates'
  | 'setMember'
  | 'listTokens'
  | 'createToken'
  | 'revokeToken'
  | 'listOperations'
  | 'getOperation'
  | 'listNeighbours'
  | 'cancelOperation'
  | 'listAudit'
  | 'listProjectAudit'
  | 'exportAudit'
  | 'getAuditChain'
  | 'verifyAudit'
  | 'listDeadLetters'
  | 'getDeadLetter'
  | 'replayDeadLetter'
  | 'discardDeadLetter'
  | 'listAcknowledgements'
  | 'acknowledgeService'
  | 'withdrawAcknowledgement'
  | 'getPreferences'
  | 'savePreferences'
  | 'getPlatformHealth';

/** Handlers by route. A missing one does not compile. */
export type LocalHandlers<Names extends LocalRoute = LocalRoute> = {
  readonly [Name in Names]: (
    input: InputOf<Table[Name]>,
    visit: Name extends PublicRoute ? PublicVisit : Visit,
  ) => Promise<LocalAnswer<Name extends StreamedRoute ? Readable : ResponseOf<Table[Name]>>>;
};

interface Told {
  readonly target: string;
  readonly cause?: string | null;
  readonly problemCode?: string;
  readonly operationId?: string;
}

/** The audit row of a visit. */
export function entryOf(
  visit: Pick<Visit, 'route' | 'caller' | 'address' | 'correlationId'>,
  result: AuditEntry['result'],
  told: Told,
): AuditEntry {
  return {
    actor: actorOf(visit.caller),
    address: visit.address,
    action: visit.route.id,
    target: told.target,
    cause: told.cause ?? null,
    result,
    problemCode: told.problemCode ?? null,
    operationId: told.operationId ?? null,
    correlationId: visit.correlationId,
  };
}
