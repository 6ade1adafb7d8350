import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { openFeed, type FeedMessage, type FeedStatus } from './source.js';

export interface FeedView {
  readonly status: FeedStatus;
  readonly heardAt: number | null;
}

let view: FeedView = { status: 'connecting', heardAt: null };
const listeners = new Set<() => void>();

/** Connects this tab: one connection for all tabs where the browser has shared workers, one of its own elsewhere. */
export function connectFeed(client: QueryClient): () => void {
  const changed = invalidator(client);
  const take = (message: FeedMessage) => {
    if (message.type === 'hint') changed.hint(message.hint.kind, message.hint.key);
    else if (message.type === 'reset') changed.everything();
    else {
      view = { status: message.status, heardAt: message.heardAt };
      for (const listener of listeners) listener();
    }
  };
  // Without a feed what is on the screen is read again, so that it is never older than this.
  const net = setInterval(() => {
    if (view.status !== 'live') changed.everything();
  }, longestPauseMs);
  const stop = openConnection(take);
  return () => {
    clearInterval(net);
    stop();
  };
}

function openConnection(take: (message: FeedMessage) => void): () => void {
  if (typeof SharedWorker === 'undefined') return openFeed(take);
  const worker = new SharedWorker(new URL('./feed.worker.ts', import.meta.url), { type: 'module', name: 'berth-feed' });
  const bye = () => worker.port.postMessage('bye');
  worker.port.onmessage = (event: MessageEvent<FeedMessage>) => take(event.data);
  window.addEventListener('pagehide', bye);
  return () => {
    bye();
    worker.port.close();
    window.removeEventListener('pagehide', bye);
  };
}

export function useFeed(): FeedView {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => view,
  );
}

/** However slow the reads are, or the feed is away, a list is never older than this while things change. */
const longestPauseMs = 15_000;

/**
 * Turns hints into reads. A burst is one read: single things wait 150 ms, lists 1 s and then four times as long as the last
 * read of them took, so that a thousand changes a second cost a fifth of the time however long the list is. Query keys are `[kind, key, …]` for one thing and `[kind + 's', …]` for lists.
 */
function invalidator(client: QueryClient) {
  const things = new Map<string, readonly [string, string]>();
  const lists = new Set<string>();
  let thingsTimer: ReturnType<typeof setTimeout> | null = null;
  let listsTimer: ReturnType<typeof setTimeout> | null = null;
  const flushThings = () => {
    thingsTimer = null;
    for (const queryKey of things.values()) void client.invalidateQueries({ queryKey });
    things.clear();
  };
  const flushLists = async () => {
    const began = performance.now();
    const kinds = [...lists];
    lists.clear();
    await Promise.all(kinds.map((kind) => client.invalidateQueries({ queryKey: [kind] })));
    const pauseMs = Math.min(longestPauseMs, Math.max(1000, 4 * (performance.now() - began)));
    listsTimer = setTimeout(() => {
      listsTimer = null;
      if (lists.size > 0) listsTimer = setTimeout(() => void flushLists(), 0);
    }, pauseMs);
  };
  return {
    hint(kind: string, key: string) {
      things.set(`${kind} ${key}`, [kind, key]);
      lists.add(`${kind}s`);
      thingsTimer ??= setTimeout(flushThings, 150);
      listsTimer ??= setTimeout(() => void flushLists(), 1000);
    },
    everything() {
      void client.invalidateQueries();
    },
  };
}
