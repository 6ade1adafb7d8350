import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ClusterError, isClusterError } from './errors.js';
import { errorFromNetwork, errorFromStatus, statusSchema } from './failure.js';
import { metadataSchema } from './metadata.js';
import type { Watch, WatchOptions } from './watch.js';

export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** Where a reflector reads from: a cluster over HTTPS, or the fake. */
export interface WatchSource {
  page(token: string | undefined, signal: AbortSignal): Promise<SourcePage>;
  /** Events after `resourceVersion`, in batches as they arrive. Ends when the cluster ends it. */
  follow(resourceVersion: string, signal: AbortSignal): Promise<AsyncIterable<readonly WatchEvent[]>>;
}

export interface SourcePage {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
  readonly continue?: string;
}

export interface ReflectorTuning {
  /** A healthy cluster sends a bookmark about every minute; silence for longer is a half-open connection. */
  readonly quietMs: number;
  /** A connection that stood so long follows, also without a word; one that breaks at the same event again does not. */
  readonly settledMs: number;
  readonly firstBackoffMs: number;
  readonly lastBackoffMs: number;
}

export const defaultTuning: ReflectorTuning = {
  quietMs: 100_000,
  settledMs: 1_000,
  firstBackoffMs: 1_000,
  // A pause is also how long what we know may stay old after the cluster is back.
  lastBackoffMs: 10_000,
};

const positionSchema = z.object({ metadata: metadataSchema.pick({ resourceVersion: true }) });

/**
 * Lists, then follows from there, for ever. A lost connection resumes at the last position (bookmarks move it on);
 * only an expired position lists again. Whatever goes wrong is reported and tried again with a growing pause.
 */
export function reflect<Row>(source: WatchSource, options: WatchOptions<Row>, tuning: ReflectorTuning): Watch {
  const stopping = new AbortController();
  const { signal } = stopping;
  let lastHeardAtMs = 0;
  let completeAtMs = 0;
  let connectedAtMs: number | null = null;
  let lists = 0;
  let failures = 0;
  /** Undefined: a list is needed. */
  let position: string | undefined;

  const heard = () => {
    lastHeardAtMs = Date.now();
  };
  const currentAtMs = () => {
    const nowMs = Date.now();
    const isSettled = connectedAtMs !== null && nowMs - connectedAtMs >= tuning.settledMs;
    return lists > 0 && isSettled ? nowMs : completeAtMs;
  };
  const trouble = (error: unknown) => {
    if (!signal.aborted) attempt(() => options.onTrouble?.(errorFromNetwork(error)));
  };
  const tell = (callback: () => void) => {
    if (!signal.aborted) attempt(callback, trouble);
  };
  const projectAll = (items: readonly unknown[]): Row[] =>
    items.flatMap((item) => {
      const row = attempt(() => options.projection.project(item), trouble);
      return row === undefined ? [] : [row];
    });

  const list = async (): Promise<void> => {
    const askedAtMs = Date.now();
    const rows: Row[] = [];
    let page: SourcePage | undefined;
    do {
      page = await source.page(page?.continue, signal);
      heard();
      rows.push(...projectAll(page.items));
    } while (page.continue !== undefined);
    lists += 1;
    position = page.resourceVersion;
    completeAtMs = askedAtMs;
    tell(() => options.onSynced(rows));
  };

  const handle = ({ type, object }: WatchEvent): void => {
    if (type === 'ERROR') throw errorFromStatus(statusSchema.parse(object));
    if (type !== 'BOOKMARK') {
      for (const row of projectAll([object])) {
        tell(() => (type === 'DELETED' ? options.onRemove(row) : options.onUpsert(row)));
      }
    }
    position = positionSchema.parse(object).metadata.resourceVersion;
  };

  /** True when anything was heard, so that a connection that is cut at once counts as a failure. */
  const follow = async (from: string): Promise<boolean> => {
    const connection = new AbortController();
    const stop = () => connection.abort();
    signal.addEventListener('abort', stop, { once: true });
    const silence = setTimeout(() => {
      connection.abort(new ClusterError('unreachable', `watch silent for ${tuning.quietMs} ms`));
    }, tuning.quietMs);
    let hasHeard = false;
    try {
      const batches = await source.follow(from, connection.signal);
      connectedAtMs = Date.now();
      for await (const batch of batches) {
        silence.refresh();
        hasHeard = true;
        heard();
        batch.forEach(handle);
        completeAtMs = Date.now();
        // Only here: a position that expires at once must not make lists in a quick loop.
        failures = 0;
        if (signal.aborted) break;
      }
      return hasHeard;
    } catch (error) {
      throw connection.signal.aborted && !signal.aborted ? connection.signal.reason : error;
    } finally {
      completeAtMs = currentAtMs();
      connectedAtMs = null;
      clearTimeout(silence);
      signal.removeEventListener('abort', stop);
      connection.abort();
    }
  };

  const pause = async (): Promise<void> => {
    const longest = Math.min(tuning.lastBackoffMs, tuning.firstBackoffMs * 2 ** Math.min(failures, 10));
    failures += 1;
    await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (position === undefined) await list();
        else if (!(await follow(position))) await pause();
      } catch (error) {
        // Expired, or an event that cannot be read: it would come again for ever, and a list passes over it.
        if (isClusterError(error, 'gone') || isUnreadable(error)) position = undefined;
        trouble(error);
        await pause();
      }
    }
  };

  const ended = run();
  return {
    lastHeardAtMs: () => lastHeardAtMs,
    currentAtMs,
    isSynced: () => lists > 0,
    lists: () => lists,
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

function isUnreadable(error: unknown): boolean {
  return error instanceof z.ZodError || error instanceof SyntaxError;
}

/** Runs code of the caller; what it throws goes to `report` and never further. */
function attempt<T>(work: () => T, report: (error: unknown) => void = () => undefined): T | undefined {
  try {
    return work();
  } catch (error) {
    report(error);
    return undefined;
  }
}
