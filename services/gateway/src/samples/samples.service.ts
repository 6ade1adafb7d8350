import type { Envelope } from '@berth/contracts';
import type { Clock } from '@berth/platform/clock';
import type { Tx } from '@berth/platform/postgres';
import type { AuditStore } from '../audit/audit.store.pg.js';
import type { MemberStore } from '../members/members.store.pg.js';
import type { SessionStore } from '../session/session.store.pg.js';
import type { TokenStore } from '../session/token.store.pg.js';
import type { SampleStore } from './samples.store.pg.js';

interface SampleAccountsOptions {
  readonly samples: SampleStore;
  readonly members: MemberStore;
  readonly sessions: SessionStore;
  readonly tokens: TokenStore;
  readonly audit: AuditStore;
  readonly clock: Clock;
}

/**
 * The accounts and the push token that belong to a sample. A removed sample leaves nobody behind who can log in with a
 * password that lies in a file; its accounts come back with it, its token does not.
 */
export class SampleAccounts {
  constructor(private readonly with_: SampleAccountsOptions) {}

  async follow(
    tx: Tx,
    { source, removed }: { source: string; removed: boolean },
    said: Pick<Envelope, 'actor' | 'operationId' | 'correlationId'>,
  ): Promise<void> {
    const { samples, members, sessions, tokens, audit, clock } = this.with_;
    if (!(await samples.differs(tx, source, removed))) return;
    await members.lock(tx);
    const now = clock.now();
    const users = removed ? await samples.leave(tx, source) : await samples.comeBack(tx, source);
    for (const { id } of removed ? users : []) {
      await sessions.endOthers(tx, id, null);
      await tokens.endOf(tx, id, now);
    }
    if (removed) await samples.endTokens(tx, source, now);
    const entries = users.map(({ username }) => ({
      actor: said.actor ?? { id: 'dolphinsync', name: 'dolphinsync', channel: 'system' as const },
      address: null,
      action: removed ? 'deactivateUser' : 'activateUser',
      target: username,
      cause: null,
      result: 'done' as const,
      problemCode: null,
      operationId: said.operationId ?? null,
      correlationId: said.correlationId,
    }));
    await audit.append(tx, entries, now);
  }
}
