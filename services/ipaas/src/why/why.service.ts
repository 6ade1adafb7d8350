import { differences, missing, type WhyAnswer } from '@berth/api';
import { explain, speakerOf, type EventFacts, type Finding } from '@berth/engines/why';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { EventService } from '../container/event.service.js';
import { LogTail } from '../container/log-tail.js';
import { PeakMemory } from '../metrics/peak-memory.js';
import type { Release } from '../release/release.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { factsOf, type ContainerRow, type Situation } from './situation.js';
import { WhyStore } from './why.store.pg.js';

const shownLines = 50;

/** Gathers what is known of a service that is not well, and has the engine judge it. */
@Injectable()
export class WhyService {
  constructor(
    private readonly database: Database,
    private readonly store: WhyStore,
    private readonly releases: ReleaseStore,
    private readonly events: EventService,
    private readonly tails: LogTail,
    private readonly peaks: PeakMemory,
    private readonly clock: Clock,
  ) {}

  /** Lines of the log speak for the finding in any case; they are shown only to those who may read logs. */
  async explain(key: string, shown: 'with log' | 'without log'): Promise<WhyAnswer> {
    const situation = await this.store.byKey(this.database, key);
    if (!situation) throw refuse('not_found', missing('service', key));
    const now = this.clock.now();
    const facts = factsOf(situation, now);
    const speaker = speakerOf(facts.containers, facts.release);
    const row = situation.containers.find(({ cluster, name }) => cluster === speaker?.cluster && name === speaker.name);
    const [log, events, peakMemoryMiB] = await Promise.all([
      row && speaker ? this.logOf(row, speaker.restarts > 0) : null,
      this.eventsOf(key),
      row ? this.peaks.of(row) : null,
    ]);
    const finding = explain({ ...facts, events, peakMemoryMiB, log: log?.lines.map(({ text }) => text) ?? [] });
    return {
      asOf: now.toISOString(),
      finding: finding && (shown === 'with log' ? finding : withoutLines(finding)),
      log: finding && shown === 'with log' ? log : null,
      changes: finding && (await this.changesOf(situation, facts.wasGood)),
    };
  }

  private async logOf(row: ContainerRow, prefersPrevious: boolean): Promise<WhyAnswer['log']> {
    const tail = await this.tails.read(row, prefersPrevious, shownLines);
    return tail && { cluster: row.cluster, container: row.name, previous: tail.previous, lines: [...tail.lines] };
  }

  /** Events make a finding surer; without them there is one all the same. */
  private async eventsOf(key: string): Promise<EventFacts[]> {
    try {
      return (await this.events.list(key)).items;
    } catch {
      return [];
    }
  }

  /** What the ill release changed; one that was well itself is not ill for what it changed. */
  private async changesOf({ uid, release, lastGood }: Situation, wasGood: boolean): Promise<WhyAnswer['changes']> {
    if (wasGood) return null;
    const rows = await this.releases.some(this.database, uid, [release, lastGood]);
    const from = rows.get(lastGood ?? 0);
    const to = rows.get(release ?? 0);
    if (!from || !to) return null;
    return {
      from: from.number,
      to: to.number,
      at: to.createdAt.toISOString(),
      actor: { id: to.actor.id, name: to.actor.name },
      cause: to.cause,
      fields: differences(sideOf(from), sideOf(to)),
    };
  }
}

const sideOf = ({ spec, image }: Release) => ({ spec, image });

function withoutLines(finding: Finding): Finding {
  return { ...finding, proof: finding.proof.filter(({ code }) => code !== 'log_line') };
}
