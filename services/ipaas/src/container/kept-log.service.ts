import type { LogLine } from '@berth/api';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { ListedContainer } from './container.store.pg.js';
import { keptLines, keptUntil, mostKeptLines } from './kept-log.js';
import { KeptLogStore } from './kept-log.store.pg.js';

export interface KeptAsk {
  readonly previous: boolean;
  readonly tailLines: number;
  readonly sinceTime: string | undefined;
}

/** What is left of the output of a container that its cluster no longer has. */
@Injectable()
export class KeptLogService {
  constructor(
    private readonly database: Database,
    private readonly store: KeptLogStore,
  ) {}

  /** A notice that says what it is, then the lines; null when nothing was kept. */
  async read({ uid, restarts, endedAt }: ListedContainer, ask: KeptAsk, now: Date): Promise<LogLine[] | null> {
    const kept = await this.store.find(this.database, uid, ask.previous ? restarts : restarts + 1);
    if (!kept) return null;
    const until = keptUntil(endedAt, now).toISOString();
    const { run, isOver, readAt } = kept;
    return [
      {
        notice: 'kept',
        detail: `up to ${mostKeptLines} last lines of run ${run}, kept until ${until} at most`,
        kept: { run, mostLines: mostKeptLines, toEnd: isOver, readAt: readAt.toISOString(), until },
      },
      ...keptLines(kept.lines, ask.tailLines, ask.sinceTime),
    ];
  }
}
