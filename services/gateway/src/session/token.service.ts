import { missing, type Token } from '@berth/api';
import type { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import type { Database } from '@berth/platform/postgres';
import { randomUUID } from 'node:crypto';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type Visit } from '../edge/visit.js';
import { forbidden, may } from '../rights/rights.js';
import { hashOfToken, newMachineToken } from './session.js';
import type { TokenKey, TokenStore } from './token.store.pg.js';

const dayMs = 24 * 60 * 60 * 1_000;

interface Created {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly expiresAt: string;
}

/** Tokens: of machines with one right, and of people, whose scripts may what they may. */
export class TokenService {
  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly tokens: TokenStore,
    private readonly audit: AuditStore,
    private readonly clock: Clock,
  ) {}

  /** Tokens of one user, or all of the platform. */
  list(userId: string | null, page: { after?: TokenKey | undefined; limit: number }): Promise<Token[]> {
    return this.tokens.list(this.database, { userId, ...page, now: this.clock.now() });
  }

  /**
   * A token for a machine; its value is in this answer and nowhere else.
   * @throws ProblemError `forbidden` for somebody who does not look after the CMDB: the token would be above the own role
   */
  async createForMachine(
    wanted: { name: string; permission: 'cmdb.push' | 'cmdb.pull'; expiresInDays: number; source?: string | undefined },
    visit: Visit,
  ): Promise<Created> {
    if (!may(visit.caller, 'cmdb.manage', {})) throw forbidden(visit.caller, 'cmdb.manage', {});
    return this.create({ ...wanted, source: wanted.source ?? null, userId: null }, visit);
  }

  /** A token that acts as the caller. Only somebody who is logged in can make one: a token makes no other token. */
  createOwn(wanted: { name: string; expiresInDays: number }, visit: Visit): Promise<Created> {
    if (visit.sessionToken === null) throw refuse('not_logged_in');
    return this.create({ ...wanted, permission: null, source: null, userId: visit.caller.userId }, visit);
  }

  /** @param userId whose it must be; null for any. @throws ProblemError `not_found` */
  async revoke(id: string, userId: string | null, visit: Visit): Promise<void> {
    await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const name = await this.tokens.end(tx, id, userId, now);
      if (name === undefined) throw refuse('not_found', missing('token'));
      await this.audit.append(tx, [entryOf(visit, 'done', { target: name })], now);
    });
  }

  private async create(
    wanted: {
      name: string;
      permission: string | null;
      source: string | null;
      userId: string | null;
      expiresInDays: number;
    },
    visit: Visit,
  ): Promise<Created> {
    const { name, permission, source, userId } = wanted;
    const id = randomUUID();
    const token = newMachineToken();
    const createdAt = this.clock.now();
    const expiresAt = new Date(createdAt.getTime() + wanted.expiresInDays * dayMs);
    const createdBy = visit.caller.userId;
    await this.database.transaction(async (tx) => {
      const tokenHash = hashOfToken(token);
      await this.tokens.add(tx, { id, name, permission, source, userId, tokenHash, createdBy, createdAt, expiresAt });
      await this.audit.append(tx, [entryOf(visit, 'done', { target: name })], createdAt);
    });
    return { id, name, token, expiresAt: expiresAt.toISOString() };
  }
}
