import type { WhyAnswer } from '@berth/api';
import { differences, explain, speakerOf, type EventFacts } from '@berth/engines/why';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { EventService } from '../container/event.service.js';
import { LogTail } from '../container/log-tail.js';
import { imageVersionOf, type Release } from '../release/release.js';
import { ReleaseStore } from '../release/release.store.pg.js';
import { factsOf, type Situation } from './situation.js';
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
    private readonly clock: Clock,
  ) {}

  async explain(key: string): Promise<WhyAnswer> {
    const situation = await this.store.byKey(this.database, key);
    if (!situation) throw refuse('not_found', { what: `service ${key}` });
    const facts = factsOf(situation);
    const speaker = speakerOf(facts.containers, facts.release);
    const [log, events] = await Promise.all([this.logOf(situation, speaker), this.eventsOf(key)]);
    const lines = log?.lines.map(({ text }) => text) ?? [];
    const finding = explain({ ...facts, events, log: lines });
    return {
      asOf: this.clock.now().toISOString(),
      finding,
      log: finding && log,
      changes: finding && (await this.changesOf(situation)),
    };
  }

  private async logOf({ containers }: Situation, speaker: ReturnType<typeof speakerOf>): Promise<WhyAnswer['log']> {
    const row = containers.find(({ cluster, name }) => cluster === speaker?.cluster && name === speaker.name);
    if (!row) return null;
    const tail = await this.tails.read(row, row.restarts > 0, shownLines);
    return tail && { cluster: row.cluster, container: row.name, previous: tail.previous, lines: [...tail.lines] };
  }

  /** Events make a finding surer; without them there is one all the same. */
  private async eventsOf(key: string): Promise<EventFacts[]> {
    try {
      return await this.events.list(key);
    } catch {
      return [];
    }
  }

  private async changesOf({ uid, release, lastGood }: Situation): Promise<WhyAnswer['changes']> {
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
      fields: differences(settingsOf(from, to), settingsOf(to, from)),
    };
  }
}

/** With the image as a reader knows it; by its digest too where the same version means another image. */
function settingsOf({ spec, image }: Release, other: Release) {
  const version = imageVersionOf(image);
  const isMoved = version === imageVersionOf(other.image) && image.digest !== other.image.digest;
  return { ...spec, image: isMoved ? `${version}@${image.digest.slice(0, 19)}` : version };
}
