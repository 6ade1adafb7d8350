import type { Acknowledgement } from '@berth/api';
import { serviceKey, type ServiceScope } from '@berth/contracts';
import type { Clock } from '@berth/platform/clock';
import type { Database } from '@berth/platform/postgres';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type Visit } from '../edge/visit.js';
import { placeOf } from '../feed/feed.js';
import type { FeedStore } from '../feed/feed.store.pg.js';
import type { Scopes } from '../rights/rights.js';
import type { AcknowledgementRow, AcknowledgementStore } from './acknowledgements.store.pg.js';

const hourMs = 3_600_000;

/** 知悉: who looks after an unwell service, until when. It hides nothing; everybody sees who it is. */
export class AcknowledgementService {
  constructor(
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly acknowledgements: AcknowledgementStore,
    private readonly feed: FeedStore,
    private readonly audit: AuditStore,
    private readonly clock: Clock,
  ) {}

  list(scopes: Scopes, after: string, limit: number): Promise<AcknowledgementRow[]> {
    return this.acknowledgements.list(this.database, scopes, this.clock.now(), after, limit);
  }

  async acknowledge(
    place: ServiceScope,
    { hours, note }: { readonly hours: number; readonly note?: string | undefined },
    visit: Visit,
  ): Promise<Acknowledgement> {
    const at = this.clock.now();
    const { userId, displayName } = visit.caller;
    const row: AcknowledgementRow = {
      target: serviceKey(place),
      userId,
      userName: displayName,
      note: note || null,
      at,
      until: new Date(at.getTime() + hours * hourMs),
    };
    await this.database.transaction(async (tx) => {
      await this.acknowledgements.put(tx, row);
      await this.feed.add(tx, [hintOf(row.target)]);
      await this.audit.append(tx, [entryOf(visit, 'done', { target: row.target, cause: row.note })], at);
    });
    return toAcknowledgement(row);
  }

  async withdraw(place: ServiceScope, visit: Visit): Promise<void> {
    const target = serviceKey(place);
    await this.database.transaction(async (tx) => {
      if (!(await this.acknowledgements.remove(tx, target))) return;
      await this.feed.add(tx, [hintOf(target)]);
      await this.audit.append(tx, [entryOf(visit, 'done', { target })], this.clock.now());
    });
  }
}

/** As the API shows it. */
export function toAcknowledgement({ target, userId, userName, note, at, until }: AcknowledgementRow): Acknowledgement {
  return { target, by: { id: userId, name: userName }, note, at: at.toISOString(), until: until.toISOString() };
}

const hintOf = (target: string) => ({ kind: 'service' as const, key: target, version: 0, ...placeOf(target) });
