import { useCallback, useEffect, useRef, useState } from 'react';
import type { ServicePlace } from '../../../api/queries.js';
import { LogFeed, nothingRead, type LogView } from './log-feed.js';
import { keptLines, type ReadLine } from './log-lines.js';
import { readOlder, type LogAsk } from './log-reader.js';

export type { LogView } from './log-feed.js';

const showEveryMs = 125;

/**
 * Reads the terminal output of containers. Lines are shown in batches, 8 times a second at most. Containers may come and
 * go: only another run, another time or another way of reading begins anew.
 */
export function useLog(
  place: ServicePlace,
  ask: LogAsk,
): LogView & { readonly older: (readersId: () => number) => Promise<void> } {
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
  // While older lines are read, and once there are no more, scrolling asks for nothing.
  const busy = useRef<LogFeed | null>(null);
  const older = useCallback(
    async (readersId: () => number) => {
      const { place: at, ask: asked, shown: now } = latest.current;
      const of = feed.current;
      if (isFull || !of || of === busy.current || asked.since) return;
      busy.current = of;
      let lines: ReadLine[] | null = null;
      try {
        const parts: ReadLine[][] = [];
        // One after the other: each may be 50,000 lines.
        for (const [index, source] of now.sources.entries())
          parts.push(await readOlder(at, source, asked, now.lines, index));
        lines = parts.flat();
      } finally {
        // Where nothing more was to come it stays as if busy.
        if (lines?.length !== 0) busy.current = null;
      }
      if (lines.length > 0 && feed.current === of) of.insert(lines, readersId());
    },
    [isFull],
  );
  return { ...shown, older };
}
