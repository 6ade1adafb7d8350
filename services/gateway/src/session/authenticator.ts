import { permissions, type Permission } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { Database } from '@berth/platform/postgres';
import type { Caller } from '../rights/caller.js';
import { csrfTokenOf, hashOfToken, isLive, readSessionCookie, sameText, touchEveryMs } from './session.js';
import type { SessionRow, SessionStore } from './session.store.pg.js';

/** What a request says about who sends it. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  readonly csrfToken: string | undefined;
  /** Whether the request changes something, or could. */
  readonly changes: boolean;
  /** True for requests that a browser makes: browsers send `Sec-Fetch-Site` and scripts cannot. */
  readonly fromBrowser: boolean;
}

export interface Authenticated {
  readonly caller: Caller;
  readonly sessionToken: string | null;
}

/** Finds out who is calling. Sessions and roles are read from the table every time, so a change works at once. */
export class Authenticator {
  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly sessions: SessionStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `not_logged_in` or `csrf` */
  async authenticate(credentials: Credentials): Promise<Authenticated> {
    const bearer = credentials.authorization?.match(/^Bearer (berth_[A-Za-z0-9_-]{43})$/i)?.[1];
    if (bearer) return { caller: await this.machine(bearer), sessionToken: null };
    const token = readSessionCookie(credentials.cookie);
    const session = token === undefined ? undefined : await this.live(token);
    if (!token || !session) throw refuse('not_logged_in');
    if (credentials.changes && !sameText(credentials.csrfToken ?? '', csrfTokenOf(token))) throw refuse('csrf');
    return { caller: callerOf(session, credentials.fromBrowser), sessionToken: token };
  }

  /** The session of a cookie when it has not ended, with the roles of this moment. Does not keep it alive. */
  async session(token: string): Promise<SessionRow | undefined> {
    const session = await this.sessions.find(this.database, hashOfToken(token));
    return session && isLive(session, this.clock.now()) ? session : undefined;
  }

  private async live(token: string): Promise<SessionRow | undefined> {
    const session = await this.session(token);
    const now = this.clock.now();
    if (session && now.getTime() - session.seenAt.getTime() >= touchEveryMs)
      await this.sessions.touch(this.database, session.id, now);
    return session;
  }

  private async machine(bearer: string): Promise<Caller> {
    const token = await this.sessions.findToken(this.database, hashOfToken(bearer), this.clock.now());
    if (!token) throw refuse('not_logged_in');
    return {
      userId: `token:${token.id}`,
      userName: token.name,
      displayName: token.name,
      sessionId: token.id,
      channel: 'cmdb',
      bindings: [],
      machinePermissions: permissions.filter((name): name is Permission => name === token.permission),
      mustChangePassword: false,
    };
  }
}

export function callerOf(session: SessionRow, fromBrowser: boolean): Caller {
  return {
    userId: session.userId,
    userName: session.username,
    displayName: session.name,
    sessionId: session.id,
    channel: fromBrowser ? 'portal' : 'api',
    bindings: session.bindings,
    mustChangePassword: session.mustChangePassword,
  };
}
