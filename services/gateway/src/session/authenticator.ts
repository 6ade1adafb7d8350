import { permissions, type Permission } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { Database } from '@berth/platform/postgres';
import type { Caller } from '../rights/caller.js';
import { csrfTokenOf, hashOfToken, isLive, readSessionCookie, sameText, touchEveryMs } from './session.js';
import type { SessionRow, SessionStore } from './session.store.pg.js';
import type { FoundToken, TokenStore, TokenUser } from './token.store.pg.js';

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
    private readonly tokens: TokenStore,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError `not_logged_in` or `csrf` */
  async authenticate(credentials: Credentials): Promise<Authenticated> {
    const bearer = bearerOf(credentials);
    if (bearer) return { caller: await this.byToken(bearer), sessionToken: null };
    const token = readSessionCookie(credentials.cookie);
    const session = token === undefined ? undefined : await this.live(token);
    if (!token || !session) throw refuse('not_logged_in');
    if (credentials.changes && !sameText(credentials.csrfToken ?? '', csrfTokenOf(token))) throw refuse('csrf');
    return { caller: callerOf(session, credentials.fromBrowser), sessionToken: token };
  }

  /**
   * Who it is at this moment, for an answer that goes on; undefined once the session or token has ended. Keeps neither of
   * them alive.
   */
  async present(
    credentials: Pick<Credentials, 'authorization' | 'cookie' | 'fromBrowser'>,
  ): Promise<Caller | undefined> {
    const bearer = bearerOf(credentials);
    if (bearer) {
      const token = await this.tokens.find(this.database, hashOfToken(bearer), this.clock.now());
      return token && callerOfToken(token);
    }
    const cookie = readSessionCookie(credentials.cookie);
    const session = cookie === undefined ? undefined : await this.session(cookie);
    return session && callerOf(session, credentials.fromBrowser);
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

  private async byToken(bearer: string): Promise<Caller> {
    const now = this.clock.now();
    const token = await this.tokens.find(this.database, hashOfToken(bearer), now);
    if (!token) throw refuse('not_logged_in');
    if (!token.lastUsedAt || now.getTime() - token.lastUsedAt.getTime() >= touchEveryMs)
      await this.tokens.touch(this.database, token.id, now);
    return callerOfToken(token);
  }
}

function bearerOf({ authorization }: Pick<Credentials, 'authorization'>): string | undefined {
  return authorization?.match(/^Bearer (berth_[A-Za-z0-9_-]{43})$/i)?.[1];
}

function callerOfToken(token: FoundToken): Caller {
  return token.user ? scriptOf(token.user, token.id) : machineOf(token);
}

/** A script of a person: it may what the person may at this moment. */
function scriptOf(user: TokenUser, tokenId: string): Caller {
  return {
    userId: user.id,
    userName: user.username,
    displayName: user.name,
    sessionId: tokenId,
    channel: 'api',
    bindings: user.bindings,
    mustChangePassword: user.mustChangePassword,
  };
}

function machineOf({ id, name, permission, source }: FoundToken): Caller {
  return {
    userId: `token:${id}`,
    userName: name,
    displayName: name,
    sessionId: id,
    channel: 'cmdb',
    bindings: [],
    machinePermissions: permissions.filter((known): known is Permission => known === permission),
    ...(source !== null && { source }),
    mustChangePassword: false,
  };
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
