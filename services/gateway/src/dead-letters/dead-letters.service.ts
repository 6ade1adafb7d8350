import { missing, type DeadLetter, type DeadLetterDetail, type DeadLetterSource } from '@berth/api';
import type { ServiceName } from '@berth/contracts';
import type { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import type { Database } from '@berth/platform/postgres';
import type { AuditEntry } from '../audit/audit.js';
import type { AuditStore } from '../audit/audit.store.pg.js';
import { entryOf, type Visit } from '../edge/visit.js';
import { continueOf, inOneOrder, type LetterKey } from './dead-letters.js';
import type { LetterSource, LettersWanted } from './letter-sources.js';

/** The dead letters of all services as one list. */
export class DeadLetterService {
  constructor(
    private readonly sources: readonly LetterSource[],
    private readonly database: Pick<Database, 'transaction'>,
    private readonly audit: AuditStore,
    private readonly clock: Clock,
  ) {}

  /** Newest first; a service that is away is told as such and the others are listed. */
  async list(
    wanted: Omit<LettersWanted, 'before'> & { owner?: ServiceName | undefined; after?: LetterKey | undefined },
    visit: Visit,
  ): Promise<{ items: DeadLetter[]; sources: DeadLetterSource[] }> {
    const { owner, after, ...rest } = wanted;
    const asked = this.sources.filter((source) => owner === undefined || source.owner === owner);
    const answers = await Promise.all(
      asked.map(async (source) => {
        const before = after && continueOf(source.owner, after);
        const page = await source.list({ ...rest, before }, visit).catch((error: unknown) => {
          if (error instanceof ProblemError && error.problem.code === 'service_unavailable') return null;
          throw error;
        });
        return { owner: source.owner, page };
      }),
    );
    return {
      items: inOneOrder(answers.map(({ page }) => page?.items ?? [])).slice(0, wanted.limit),
      sources: answers.map((answer) => ({
        owner: answer.owner,
        state: answer.page ? 'answered' : 'away',
        open: answer.page?.open ?? null,
      })),
    };
  }

  /** @throws ProblemError not_found, service_unavailable */
  async get(owner: ServiceName, id: number, visit: Visit): Promise<DeadLetterDetail> {
    return this.sourceOf(owner).get(id, visit);
  }

  /**
   * Replays or discards one. An audit row before it, so that none is without a trace, and one after it.
   * @throws ProblemError not_found, nothing_to_do, service_unavailable
   */
  async resolve(
    action: 'replay' | 'discard',
    { owner, id }: { owner: ServiceName; id: number },
    cause: string,
    visit: Visit,
  ): Promise<{ operationId: string | null }> {
    const source = this.sourceOf(owner);
    const target = `${owner}/${id}`;
    await this.append(entryOf(visit, 'accepted', { target, cause }));
    const { operationId } = await source.resolve(action, id, cause, visit);
    await this.append(entryOf(visit, 'done', { target, cause, ...(operationId !== null && { operationId }) }));
    return { operationId };
  }

  private sourceOf(owner: ServiceName): LetterSource {
    const source = this.sources.find((one) => one.owner === owner);
    if (!source) throw refuse('not_found', missing('owner'));
    return source;
  }

  private append(entry: AuditEntry): Promise<void> {
    return this.database.transaction((tx) => this.audit.append(tx, [entry], this.clock.now()));
  }
}
