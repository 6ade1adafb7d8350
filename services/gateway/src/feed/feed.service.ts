import type { HttpDrain } from '@berth/platform/http';
import type { Logger } from '@berth/platform/log';
import { metrics } from '@berth/platform/metrics';
import { refuse } from '@berth/platform/errors';
import type { Database } from '@berth/platform/postgres';
import type { Readable } from 'node:stream';
import type { ProjectStore } from '../projects/projects.store.pg.js';
import type { Caller } from '../rights/caller.js';
import { callerOf, type Authenticator } from '../session/authenticator.js';
import { maxReplay, maySee, resumeFrom, type StoredHint } from './feed.js';
import type { FeedStore } from './feed.store.pg.js';
import { FeedStream } from './feed.stream.js';
import type { FeedTail } from './feed.tail.js';

const pingMs = 15_000;
/** How old the rights may be with which a hint is judged. */
const rightsForMs = 1_000;
const replayBatch = 1_000;

export interface FeedServiceOptions {
  readonly database: Pick<Database, 'query'>;
  readonly store: FeedStore;
  readonly tail: FeedTail;
  readonly projects: ProjectStore;
  readonly authenticator: Authenticator;
  readonly drain: HttpDrain;
  readonly log: Logger;
}

/** Opens the event streams of browsers. */
export class FeedService {
  private readonly readers = metrics.gauge('berth_feed_readers', 'Open browser feeds');

  constructor(private readonly with_: FeedServiceOptions) {}

  /** A stream of what the session's user may see, from `lastSeen` on. It ends with the session or the service. */
  async open(sessionToken: string, lastSeen: number | null): Promise<Readable> {
    const { tail, drain } = this.with_;
    if (tail.position === undefined) throw refuse('service_unavailable', { service: 'gateway' });
    const stream = new FeedStream();
    const eyes = new Eyes(sessionToken, this.with_);
    const queue = new Queue(
      (hints) => this.show(stream, eyes, hints),
      (error) => {
        // The reader comes back with the last number it saw, so nothing is lost.
        this.with_.log.warn('A feed was ended because hints could not be shown', { err: error });
        stream.finish();
      },
    );
    const leave = tail.hear((hints) => queue.add(hints));
    const ping = setInterval(() => void this.ping(stream, eyes), pingMs);
    const finish = () => stream.finish();
    drain.signal.addEventListener('abort', finish);
    this.readers.inc();
    stream.once('close', () => {
      leave();
      clearInterval(ping);
      drain.signal.removeEventListener('abort', finish);
      this.readers.dec();
    });
    if (drain.signal.aborted) finish();
    // From here on new hints wait in the queue, so nothing falls between the replay and the live part.
    try {
      await queue.first(() => this.catchUp(stream, eyes, lastSeen, tail.position ?? 0));
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return stream;
  }

  private async catchUp(stream: FeedStream, eyes: Eyes, lastSeen: number | null, position: number): Promise<void> {
    const { store, database } = this.with_;
    const { oldest } = lastSeen === null ? { oldest: null } : await store.bounds(database);
    const resume = resumeFrom(lastSeen, oldest, position);
    if (resume.kind !== 'replay') return stream.stand(resume.kind === 'live' ? 'ready' : 'reset', position);
    stream.stand('ready', resume.after);
    for (let after = resume.after; after < position;) {
      const hints = await store.read(database, after, position, replayBatch);
      await this.show(stream, eyes, hints);
      after = hints.at(-1)?.seq ?? position;
    }
  }

  private async show(stream: FeedStream, eyes: Eyes, hints: readonly StoredHint[]): Promise<void> {
    const last = hints.at(-1);
    if (!last || stream.destroyed) return;
    const visible = await eyes.visible(hints);
    if (visible === 'ended') stream.finish();
    else stream.hints(visible, last.seq);
  }

  private async ping(stream: FeedStream, eyes: Eyes): Promise<void> {
    const ended = await eyes.haveEnded().catch(() => false);
    if (ended) stream.finish();
    else stream.ping();
  }
}

/** What one session may see, by its rights of now. */
class Eyes {
  private caller: Caller | undefined;
  private tenants = new Map<string, string>();
  private asOf = 0;

  constructor(
    private readonly sessionToken: string,
    private readonly with_: Pick<FeedServiceOptions, 'authenticator' | 'projects' | 'database'>,
  ) {}

  async visible(hints: readonly StoredHint[]): Promise<StoredHint[] | 'ended'> {
    if (performance.now() - this.asOf > rightsForMs) await this.look();
    const { caller } = this;
    if (!caller) return 'ended';
    return hints.filter((hint) => maySee(caller, hint, this.tenants.get(hint.project ?? '')));
  }

  async haveEnded(): Promise<boolean> {
    await this.look();
    return this.caller === undefined;
  }

  private async look(): Promise<void> {
    const { authenticator, projects, database } = this.with_;
    const session = await authenticator.session(this.sessionToken);
    const caller = session && callerOf(session, true);
    this.caller = caller?.mustChangePassword ? undefined : caller;
    const hasTenant = caller?.bindings.some(({ scope }) => scope.startsWith('tenant:'));
    const known = hasTenant ? await projects.all(database) : [];
    this.tenants = new Map(known.map(({ slug, tenant }) => [slug, tenant]));
    this.asOf = performance.now();
  }
}

/** Works on batches one after another; those that come before the first work is done are done after it. */
class Queue {
  private tail: Promise<void> = Promise.resolve();
  private waiting: StoredHint[] = [];

  constructor(
    private readonly work: (hints: readonly StoredHint[]) => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  first(work: () => Promise<void>): Promise<void> {
    const done = work();
    this.tail = done.catch(() => undefined);
    return done;
  }

  add(hints: readonly StoredHint[]): void {
    const isIdle = this.waiting.length === 0;
    this.waiting.push(...hints);
    if (this.waiting.length > maxReplay) this.failed(new RangeError('too many hints wait for one reader'));
    if (isIdle) this.tail = this.tail.then(() => this.work(this.waiting.splice(0))).catch(this.failed);
  }
}
