import { isClusterError, type ClusterClient, type SlimPod } from '@berth/clients/kubernetes';
import type { Lease } from '@berth/platform/lease';
import type { Logger } from '@berth/platform/log';
import { metrics } from '@berth/platform/metrics';
import type { Database } from '@berth/platform/postgres';
import { addAbortSignal } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { mainContainer } from '../workload/pod-template.js';
import { endingRun, isNews, LastBytes, mostKeptLines, type EndingRun, type KeptMark } from './kept-log.js';
import type { KeptLogStore } from './kept-log.store.pg.js';

export interface LogKeeperOptions {
  readonly client: Pick<ClusterClient, 'logs'>;
  readonly database: Database;
  readonly store: Pick<KeptLogStore, 'save'>;
  readonly lease: Lease;
  readonly log: Logger;
  /** What is kept already, by the uid of the container. */
  readonly kept: ReadonlyMap<string, KeptMark>;
}

const readAtOnce = 4;
const followedAtOnce = 32;
const patienceMs = 4_000;
/** A line of a container runtime has 16 KB at most. */
const mostReadBytes = mostKeptLines * 16 * 1024;
/** Whoever writes more than that while it ends is read once more at its very end, or not to it. */
const mostFollowedBytes = 64 * 1024 * 1024;
const followForMs = { least: 15_000, most: 10 * 60_000 } as const;
const saveTries = 5;
const saveAgainAfterMs = 1_000;

type Outcome = 'kept' | 'not_read' | 'not_saved';

/**
 * Keeps the end of what a container wrote before its cluster forgets it: of a run that has ended, and of one that is told
 * to end, first as it is and then to its end. The watch only leaves word here; a reading that fails is not repeated by itself.
 */
export class LogKeeper {
  private readonly kept: Map<string, KeptMark>;
  private readonly waiting = new Map<string, SlimPod>();
  private readonly reading = new Set<string>();
  private readonly followed = new Set<string>();
  /** Removed from the cluster while they are being read. */
  private readonly gone = new Set<string>();
  private readonly tasks = new Set<Promise<void>>();
  private readonly ended = new AbortController();
  private readonly outcomes = metrics.counter('berth_kept_logs_total', 'Ends of logs that were to be kept', [
    'outcome',
  ]);

  constructor(private readonly options: LogKeeperOptions) {
    this.kept = new Map(options.kept);
  }

  /** Called for every change of a container and quick. */
  changed(before: SlimPod | null, after: SlimPod | null): void {
    if (this.ended.signal.aborted) return;
    if (after) {
      if (!this.wants(after)) return;
      this.waiting.set(after.uid, after);
      this.next();
    } else if (before) {
      // What is being read goes on: a node still gives what the cluster has forgotten.
      this.waiting.delete(before.uid);
      this.gone.add(before.uid);
      this.forgetGone(before.uid);
    }
  }

  /** Ends all reading and resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.ended.abort();
    this.waiting.clear();
    await Promise.all(this.tasks);
  }

  private forgetGone(uid: string): void {
    if (this.reading.has(uid) || this.followed.has(uid) || !this.gone.delete(uid)) return;
    this.kept.delete(uid);
  }

  private wants(pod: SlimPod): boolean {
    const ending = endingRun(pod);
    return ending !== null && isNews(ending, this.kept.get(pod.uid)) && !this.followed.has(pod.uid);
  }

  private next(): void {
    for (const [uid, pod] of this.waiting) {
      if (this.reading.size >= readAtOnce) return;
      if (this.reading.has(uid)) continue;
      this.waiting.delete(uid);
      const ending = endingRun(pod);
      if (!ending || !this.wants(pod)) continue;
      this.reading.add(uid);
      this.begin(async () => {
        await this.keep(pod, ending).finally(() => {
          this.reading.delete(uid);
          this.forgetGone(uid);
          this.next();
        });
      });
    }
  }

  private begin(work: () => Promise<void>): void {
    const task = work()
      // Only the kind of an error: what the program wrote must not come into our own log.
      .catch((error: unknown) => this.options.log.warn('The end of a log could not be kept', { kind: nameOf(error) }))
      .finally(() => this.tasks.delete(task));
    this.tasks.add(task);
  }

  private async keep(pod: SlimPod, ending: EndingRun): Promise<void> {
    const patience = AbortSignal.any([this.ended.signal, AbortSignal.timeout(patienceMs)]);
    const bytes = new LastBytes();
    const end = await this.read(pod, { previous: ending.previous, limitBytes: mostReadBytes }, bytes, patience);
    if (end === 'refused') this.mark(pod, ending);
    if (end !== 'end') return this.count('not_read');
    await this.save(pod, ending, bytes.lines());
    if (!ending.isOver && this.followed.size < followedAtOnce) {
      this.followed.add(pod.uid);
      this.begin(() =>
        this.follow(pod, ending).finally(() => {
          this.followed.delete(pod.uid);
          this.forgetGone(pod.uid);
        }),
      );
    }
  }

  /** Reads what a container writes while it ends. The cluster may have removed it long before its last word is here. */
  private async follow(pod: SlimPod, ending: EndingRun): Promise<void> {
    const patience = AbortSignal.any([this.ended.signal, AbortSignal.timeout(followMs(pod, Date.now()))]);
    const bytes = new LastBytes();
    const end = await this.read(pod, { previous: false, follow: true }, bytes, patience);
    if (this.ended.signal.aborted || end === 'refused') return;
    await this.save(pod, { ...ending, isOver: end === 'end' }, bytes.lines());
  }

  /** `refused`: there is nothing to read, also later. `broken`: what came until then is in `bytes`. */
  private async read(
    { namespace, name }: SlimPod,
    options: { readonly previous: boolean; readonly follow?: boolean; readonly limitBytes?: number },
    bytes: LastBytes,
    signal: AbortSignal,
  ): Promise<'end' | 'refused' | 'broken'> {
    try {
      const asked = { container: mainContainer, timestamps: true, tailLines: mostKeptLines, ...options, signal };
      const source = await this.options.client.logs(namespace, name, asked);
      let read = 0;
      for await (const chunk of addAbortSignal(signal, source) as AsyncIterable<Buffer>) {
        bytes.push(chunk);
        read += chunk.length;
        if (read > mostFollowedBytes) return 'broken';
      }
      return signal.aborted ? 'broken' : 'end';
    } catch (error) {
      return isClusterError(error, 'invalid', 'not_found') ? 'refused' : 'broken';
    }
  }

  /** Only while the cluster is ours. The container's own row may come a moment later, the database may be away. */
  private async save(pod: SlimPod, { run, isOver }: EndingRun, lines: string): Promise<void> {
    const { database, store, lease } = this.options;
    let last: unknown = null;
    for (let attempt = 0; attempt < saveTries && !this.ended.signal.aborted; attempt += 1) {
      if (attempt > 0) await delay(saveAgainAfterMs, undefined, { signal: this.ended.signal }).catch(() => undefined);
      try {
        const isSaved = await database.transaction(async (tx) => {
          await lease.check(tx);
          return store.save(tx, pod.uid, { run, lines, isOver });
        });
        if (isSaved) {
          this.mark(pod, { run, isOver });
          return this.count('kept');
        }
      } catch (error) {
        last = error;
        if (nameOf(error) === 'LeaseLost') break;
      }
    }
    this.count('not_saved');
    if (last !== null && !this.ended.signal.aborted) throw last;
  }

  private mark({ uid }: SlimPod, { run, isOver }: KeptMark): void {
    this.kept.set(uid, { run, isOver });
  }

  private count(outcome: Outcome): void {
    this.outcomes.inc({ outcome });
  }
}

/** Until some seconds after the cluster will have killed it. */
function followMs({ deletionTimestamp }: SlimPod, nowMs: number): number {
  const untilMs = deletionTimestamp === undefined ? nowMs : Date.parse(deletionTimestamp);
  return Math.min(followForMs.most, Math.max(0, untilMs - nowMs) + followForMs.least);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
