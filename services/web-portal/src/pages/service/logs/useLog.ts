import { useCallback, useEffect, useRef, useState } from 'react';
import type { ServicePlace } from '../../../api/queries.js';
import { LogFeed, nothingRead, type LogView } from './log-feed.js';
import { keptLines } from './log-lines.js';
import { readOlder, type LogAsk } from './log-reader.js';

export type { LogView } from './log-feed.js';

const showEveryMs = 125;

/**
 * Reads the terminal output of containers. Lines are shown in batches, 8 times a second at most. Containers may come and
 * go: only another run, another time or another way of reading begins anew.
 */
export function useLog(place: ServicePlace, ask: LogAsk): LogView & { readonly older: () => Promise<void> } {
  const [view, setView] = useState<LogView & { readonly of: string }>({ ...nothingRead, of: '' });
  const feed = useRef<LogFeed | null>(null);
  const text = JSON.stringify([place, ask.previous, ask.follow, ask.since]);
  const sources = JSON.stringify(ask.sources);
  useEffect(() => {
    const made = new LogFeed(place, ask);
    feed.current = made;
    const timer = setInterval(() => {
      const next = made.take();
      if (next) setView({ ...next, of: text });
    }, showEveryMs);
    return () => {
      clearInterval(timer);
      made.close();
    };
    // `text` stands for place and ask by content.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  useEffect(() => {
    feed.current?.follow(ask.sources);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text, sources]);
  const shown = view.of === text ? view : { ...nothingRead, of: text };
  const isFull = shown.lines.length >= keptLines;
  const latest = useRef({ place, ask, shown });
  useEffect(() => {
    latest.current = { place, ask, shown };
  });
  const older = useCallback(async () => {
    const { place: at, ask: asked, shown: now } = latest.current;
    const [source] = now.sources;
    // Of several the lines would have to be put by time between those that are shown.
    if (isFull || now.sources.length !== 1 || !source || asked.since) return;
    feed.current?.prepend(await readOlder(at, source, asked, now.lines));
  }, [isFull]);
  return { ...shown, older };
}
