import type { LogLine } from '@berth/api';
import type { SlimPod } from '@berth/clients/kubernetes';
import { plainText } from '@berth/contracts';
import { logLine } from './log-lines.js';

/** So much of the end of each run is kept. */
export const mostKeptLines = 200;
export const mostKeptBytes = 64 * 1024;

/** Past containers stay so long, and so many of each service; the newest of them with the end of their logs. */
export const pastContainers = { days: 30, most: 500, mostWithLog: 100 } as const;

/** A run of a container whose output will soon be gone. */
export interface EndingRun {
  /** Counts from 1; each restart begins the next one. */
  readonly run: number;
  /** As the cluster is asked for it: the run before the present one. */
  readonly previous: boolean;
  /** False while it may still write. */
  readonly isOver: boolean;
}

/** The latest run that was kept of a container. */
export type KeptMark = Pick<EndingRun, 'run' | 'isOver'>;

/** The run of a container that has ended, or is about to; null while its only run goes on. */
export function endingRun({ state, restarts, lastTermination, deletionTimestamp }: SlimPod): EndingRun | null {
  if (state.terminated) return { run: restarts + 1, previous: false, isOver: true };
  if (state.running && deletionTimestamp) return { run: restarts + 1, previous: false, isOver: false };
  if (!lastTermination) return null;
  // While it waits to be started again the count of restarts is still that of the run that ended.
  return { run: state.running ? restarts : restarts + 1, previous: true, isOver: true };
}

/** False when what is kept is as late already. */
export function isNews({ run, isOver }: EndingRun, kept: KeptMark | undefined): boolean {
  if (!kept) return true;
  return run > kept.run || (run === kept.run && isOver && !kept.isOver);
}

/** Holds the last bytes of what is pushed, whole chunks of it: at least as much as is kept where there was as much. */
export class LastBytes {
  private chunks: Buffer[] = [];
  private held = 0;
  private isCut = false;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.held += chunk.length;
    for (let first = this.chunks[0]; first && this.held - first.length >= mostKeptBytes; first = this.chunks[0]) {
      this.chunks.shift();
      this.held -= first.length;
      this.isCut = true;
    }
  }

  /** The last whole lines as text that a database can hold, each with the cluster's time in front. */
  lines(): string {
    const all = Buffer.concat(this.chunks);
    const bytes = all.subarray(-mostKeptBytes);
    const isCut = this.isCut || bytes.length < all.length;
    // What begins inside of a line is no line, unless it is all there is.
    const begin = isCut ? bytes.indexOf('\n') + 1 : 0;
    const text = plainText(bytes.subarray(begin < bytes.length ? begin : 0).toString('utf8'));
    const lines = text.replace(/\n$/, '').split('\n');
    return lines.slice(-mostKeptLines).join('\n');
  }
}

/** What was kept as the API gives it: the last `tailLines` of the lines that were written since a time. */
export function keptLines(lines: string, tailLines: number, since: string | undefined): LogLine[] {
  if (lines === '') return [];
  const from = since === undefined ? null : Date.parse(since);
  return lines
    .split('\n')
    .map(logLine)
    .filter((line) => from === null || !('at' in line) || line.at === null || Date.parse(line.at) >= from)
    .slice(-tailLines);
}

/** Until when the end of a log is kept at most. */
export function keptUntil(endedAt: Date | null, now: Date): Date {
  return new Date((endedAt ?? now).getTime() + pastContainers.days * 86_400_000);
}
