import { FeedHint, routes } from '@berth/api';
import { sseParser, type SseEvent } from './sse.js';

/** `late`: connected, but nothing heard for 25 s (the gateway sends a sign of life at least every 15 s). */
export type FeedStatus = 'connecting' | 'live' | 'late' | 'offline';
export type FeedMessage =
  | { readonly type: 'hint'; readonly hint: FeedHint }
  | { readonly type: 'reset' }
  | { readonly type: 'status'; readonly status: FeedStatus; readonly heardAt: number | null };

const lateAfterMs = 25_000;
const deadAfterMs = 60_000;

/**
 * Reads the feed and comes back by itself, with the last id it saw. Fetch instead of EventSource, because that hides
 * heartbeats and the status of a refusal. Returns a function that closes it.
 */
export function openFeed(tell: (message: FeedMessage) => void): () => void {
  let closed = false;
  let lastId: string | null = null;
  let heardAt: number | null = null;
  let status: FeedStatus | null = null;
  let attempt = 0;
  let abort = new AbortController();

  const say = (next: FeedStatus) => {
    if (next === status) return;
    status = next;
    tell({ type: 'status', status, heardAt });
  };
  const take = (event: SseEvent) => {
    heardAt = Date.now();
    if (event.id) lastId = event.id;
    if (event.event === 'reset') tell({ type: 'reset' });
    else if (event.event !== 'comment') tellHint(event.data, tell);
    say('live');
  };
  const connect = async () => {
    abort = new AbortController();
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (lastId) headers['last-event-id'] = lastId;
    const response = await fetch(routes.feed.path, { headers, credentials: 'same-origin', signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(String(response.status));
    // Without an id to resume from, something may have changed while nobody listened.
    if (attempt > 0 && !lastId) tell({ type: 'reset' });
    attempt = 0;
    heardAt = Date.now();
    say('live');
    const parse = sseParser();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) parse(part.value).forEach(take);
  };
  const run = async () => {
    while (!closed) {
      await connect().catch(() => undefined);
      if (closed) return;
      say('offline');
      attempt += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.min(15_000, 500 * 2 ** Math.min(attempt, 5))));
    }
  };
  const watch = setInterval(() => {
    if (status !== 'live' && status !== 'late') return;
    const silentMs = Date.now() - (heardAt ?? 0);
    if (silentMs > deadAfterMs) abort.abort();
    else if (silentMs > lateAfterMs) say('late');
  }, 1000);
  void run();
  return () => {
    closed = true;
    clearInterval(watch);
    abort.abort();
  };
}

function tellHint(data: string, tell: (message: FeedMessage) => void): void {
  try {
    const parsed = FeedHint.safeParse(JSON.parse(data));
    if (parsed.success) tell({ type: 'hint', hint: parsed.data });
  } catch {
    // A heartbeat with free text.
  }
}
