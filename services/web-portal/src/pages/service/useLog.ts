import { routes } from '@berth/api';
import { useEffect, useState } from 'react';
import { openStream } from '../../api/client.js';
import type { ServicePlace } from '../../api/queries.js';
import { appendLines, logParser, type ShownLine } from './log-lines.js';

export interface LogAsk {
  readonly cluster: string;
  readonly container: string;
  readonly previous: boolean;
  readonly follow: boolean;
  readonly sinceTime?: string;
}
export interface LogView {
  readonly lines: readonly ShownLine[];
  readonly state: 'opening' | 'streaming' | 'ended' | 'failed';
  readonly error: unknown;
}

const nothing: LogView = { lines: [], state: 'opening', error: null };

/** Reads the terminal output of one container. Lines are shown in batches, 8 times a second at most. */
export function useLog(place: ServicePlace, ask: LogAsk | null): LogView {
  const [view, setView] = useState<LogView & { readonly of: string }>({ ...nothing, of: '' });
  const text = JSON.stringify([place, ask]);
  useEffect(() => {
    if (!ask) return;
    const abort = new AbortController();
    let shown: ShownLine[] = [];
    let waiting: ReturnType<ReturnType<typeof logParser>> = [];
    let state: LogView['state'] = 'opening';
    let error: unknown = null;
    const show = () => {
      if (waiting.length > 0) shown = appendLines(shown, waiting);
      waiting = [];
      setView({ lines: shown, state, error, of: text });
    };
    const timer = setInterval(() => {
      if (waiting.length > 0) show();
    }, 125);
    const read = async () => {
      const { follow, previous, ...rest } = ask;
      const query = { ...rest, follow: yesNo(follow), previous: yesNo(previous), tailLines: follow ? 2000 : 10_000 };
      const stream = await openStream(routes.readLogs, { params: place, query, signal: abort.signal });
      state = 'streaming';
      show();
      const parse = logParser();
      const reader = stream
        .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
        .getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) waiting.push(...parse(part.value));
      waiting.push(...parse('\n'));
      state = 'ended';
    };
    void read()
      .catch((thrown: unknown) => {
        state = shown.length > 0 ? 'ended' : 'failed';
        error = thrown;
      })
      .finally(() => {
        if (!abort.signal.aborted) show();
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

const yesNo = (value: boolean) => (value ? ('true' as const) : ('false' as const));
