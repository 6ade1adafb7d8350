import type { LogLine } from '@berth/api';
import type { ServicePlace } from '../../../api/queries.js';
import { appendLines, byTime, withOlder, type ReadLine, type ShownLine } from './log-lines.js';
import { readSource, type LogAsk, type LogSource, type SourceState } from './log-reader.js';

/** What is told of lines that no longer come from the cluster. */
export type KeptNotice = Extract<LogLine, { kept: object }>['kept'];

/** Lines of several containers in one, and how each is being read. */
export interface LogView {
  readonly lines: readonly ShownLine[];
  /** Every container of which there are lines, in the order in which they came; a line's `source` is a place in it. */
  readonly sources: readonly LogSource[];
  readonly states: readonly SourceState[];
  /** Set for a container whose cluster has its output no more. */
  readonly kept: readonly (KeptNotice | null)[];
  /** By how much the ids of the newest lines have risen because older ones came between. */
  readonly risen: number;
  readonly error: unknown;
}

export const nothingRead: LogView = { lines: [], sources: [], states: [], kept: [], risen: 0, error: null };

/** So long the first lines of several containers wait for one another, to be put by time. */
const gatherMs = 1500;

interface Entry {
  readonly source: LogSource;
  state: SourceState;
  kept: KeptNotice | null;
  readonly abort: AbortController;
}

/** Reads containers that come and go; what was read stays. */
export class LogFeed {
  private readonly entries: Entry[] = [];
  private readonly openedAt: number;
  private shown: readonly ShownLine[] = [];
  private waiting: ReadLine[] = [];
  private risen = 0;
  private error: unknown = null;
  private isChanged = false;

  /** @param read Reads one container to its end; a spec gives its own. */
  constructor(
    private readonly place: ServicePlace,
    private readonly ask: Omit<LogAsk, 'sources'>,
    private readonly read: typeof readSource = readSource,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.openedAt = nowMs();
  }

  /** From now on these are read; those that were and are no longer wanted keep their lines. */
  follow(sources: readonly LogSource[]): void {
    for (const entry of this.entries)
      if (!sources.some((source) => isSame(source, entry.source)) && !entry.abort.signal.aborted) {
        entry.abort.abort();
        this.set(entry, 'ended');
      }
    for (const source of sources) {
      const known = this.entries.findIndex((entry) => isSame(entry.source, source));
      if (known < 0 || this.entries[known]?.abort.signal.aborted) this.begin(source, known, sources);
    }
  }

  /** What there is to show since the last time; null when nothing changed, or while the first lines gather. */
  take(): LogView | null {
    if (!this.isChanged) return null;
    const isOne = this.entries.length < 2;
    const isOpening = this.entries.some(({ state }) => state === 'opening');
    if (!isOne && isOpening && this.nowMs() - this.openedAt < gatherMs) return null;
    this.isChanged = false;
    if (this.waiting.length > 0) this.shown = appendLines(this.shown, isOne ? this.waiting : byTime(this.waiting));
    this.waiting = [];
    return this.view();
  }

  /** Puts older lines among those that are shown; the one that the reader sees stays. */
  insert(lines: readonly ReadLine[], readersId: number): void {
    const { lines: shown, risen } = withOlder(this.shown, lines, readersId);
    this.shown = shown;
    this.risen += risen;
    this.isChanged = true;
  }

  close(): void {
    for (const { abort } of this.entries) abort.abort();
  }

  private view(): LogView {
    return {
      lines: this.shown,
      sources: this.entries.map(({ source }) => source),
      states: this.entries.map(({ state }) => state),
      kept: this.entries.map(({ kept }) => kept),
      risen: this.risen,
      error: this.error,
    };
  }

  /** One that was read before goes on from its last line. */
  private begin(source: LogSource, known: number, sources: readonly LogSource[]): void {
    const index = known < 0 ? this.entries.length : known;
    const entry: Entry = { source, state: 'opening', kept: null, abort: new AbortController() };
    this.entries[index] = entry;
    const last = this.shown.findLast((line) => line.source === index && line.at !== null)?.at;
    void this.read({
      place: this.place,
      source,
      ask: { ...this.ask, sources, ...(last && { since: last }) },
      signal: entry.abort.signal,
      onLines: (lines) => {
        if (entry.abort.signal.aborted) return;
        this.isChanged = true;
        for (const line of lines) {
          const isOld = last && 'at' in line && line.at !== null && line.at <= last;
          // What has not started is a state above the lines, not a line every few seconds; so is what was kept.
          if ('kept' in line) entry.kept = line.kept;
          else if (!isOld && !('notice' in line && line.notice === 'not_started'))
            this.waiting.push({ ...line, source: index });
        }
      },
      onState: (state, thrown) => {
        if (entry.abort.signal.aborted) return;
        this.set(entry, state);
        if (thrown !== undefined) this.error = thrown;
      },
    });
  }

  private set(entry: Entry, state: SourceState): void {
    this.isChanged ||= entry.state !== state;
    entry.state = state;
  }
}

const isSame = (a: LogSource, b: LogSource) => a.cluster === b.cluster && a.container === b.container;
