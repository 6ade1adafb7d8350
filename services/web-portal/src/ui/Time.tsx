import { useCallback, useState, useSyncExternalStore } from 'react';
import { useT } from '../i18n/index.js';
import { agoText, clockText, durationText } from './time.js';

interface Ticker {
  now: number;
  readonly listeners: Set<() => void>;
  timer: ReturnType<typeof setInterval> | null;
}
const tickers = new Map<number, Ticker>();

/** One timer for everything on the page that counts at the same pace. */
function tickerOf(everyMs: number): Ticker {
  const found = tickers.get(everyMs);
  if (found) return found;
  const ticker: Ticker = { now: Date.now(), listeners: new Set(), timer: null };
  tickers.set(everyMs, ticker);
  return ticker;
}

function subscribe(ticker: Ticker, everyMs: number, listener: () => void): () => void {
  ticker.listeners.add(listener);
  ticker.timer ??= setInterval(() => {
    ticker.now = Date.now();
    for (const each of ticker.listeners) each();
  }, everyMs);
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size > 0 || ticker.timer === null) return;
    clearInterval(ticker.timer);
    ticker.timer = null;
  };
}

/** The time now, again every `everyMs`. */
export function useNow(everyMs: number): number {
  const [ticker] = useState(() => {
    const shared = tickerOf(everyMs);
    if (shared.timer === null) shared.now = Date.now();
    return shared;
  });
  return useSyncExternalStore(
    useCallback((listener: () => void) => subscribe(ticker, everyMs, listener), [ticker, everyMs]),
    () => ticker.now,
  );
}

/** "12 minutes ago", the exact time on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow(10_000);
  const t = useT();
  return (
    <time dateTime={at} title={clockText(at)}>
      {agoText(Date.parse(at), Math.max(now, Date.parse(at)), t.language)}
    </time>
  );
}

/** Age of something that still is, or how long it lasted. */
export function Lasting({ from, to }: { from: string; to?: string | null | undefined }) {
  const now = useNow(1000);
  const end = to ? Date.parse(to) : now;
  return <span className="num">{durationText(Math.max(0, end - Date.parse(from)))}</span>;
}

export function Clock({ at }: { at: string }) {
  return (
    <time className="num" dateTime={at}>
      {clockText(at)}
    </time>
  );
}
