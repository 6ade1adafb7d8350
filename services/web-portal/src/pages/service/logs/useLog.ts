import { useEffect, useState } from 'react';
import type { ServicePlace } from '../../../api/queries.js';
import { appendLines, byTime, type ReadLine, type ShownLine } from './log-lines.js';
import { readSource, type LogAsk, type SourceState } from './log-reader.js';

export interface LogView {
  readonly lines: readonly ShownLine[];
  /** One a container, in the order asked for. */
  readonly states: readonly SourceState[];
  readonly error: unknown;
}

const nothing: LogView = { lines: [], states: [], error: null };
const showEveryMs = 125;
/** So long the first lines of several containers wait for one another, to be put by time. */
const gatherMs = 1500;

/** Reads the terminal output of containers. Lines are shown in batches, 8 times a second at most. */
export function useLog(place: ServicePlace, ask: LogAsk): LogView {
  const [view, setView] = useState<LogView & { readonly of: string }>({ ...nothing, of: '' });
  const text = JSON.stringify([place, ask]);
  useEffect(() => {
    const abort = new AbortController();
    const openedAt = performance.now();
    const states: SourceState[] = ask.sources.map(() => 'opening');
    let shown: readonly ShownLine[] = [];
    let waiting: ReadLine[] = [];
    let error: unknown = null;
    let isChanged = false;
    const show = () => {
      if (!isChanged || abort.signal.aborted) return;
      const isGathering = states.includes('opening') && performance.now() - openedAt < gatherMs;
      if (ask.sources.length > 1 && isGathering) return;
      isChanged = false;
      if (waiting.length > 0) shown = appendLines(shown, ask.sources.length > 1 ? byTime(waiting) : waiting);
      waiting = [];
      setView({ lines: shown, states: [...states], error, of: text });
    };
    const timer = setInterval(show, showEveryMs);
    ask.sources.forEach((source, index) => {
      void readSource({
        place,
        source,
        ask,
        signal: abort.signal,
        onLines: (lines) => {
          isChanged = true;
          // What has not started is a state above the lines, not a line every few seconds.
          for (const line of lines)
            if (!('notice' in line && line.notice === 'not_started')) waiting.push({ ...line, source: index });
        },
        onState: (state, thrown) => {
          isChanged ||= states[index] !== state;
          states[index] = state;
          if (thrown !== undefined) error = thrown;
        },
      });
    });
    return () => {
      clearInterval(timer);
      abort.abort();
    };
    // `text` stands for place and ask by content.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [text]);
  return view.of === text ? view : nothing;
}
