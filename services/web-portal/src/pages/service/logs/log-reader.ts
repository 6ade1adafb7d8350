import { routes, type LogLine } from '@berth/api';
import { openStream } from '../../../api/client.js';
import { ProblemError } from '../../../api/problem.js';
import type { ServicePlace } from '../../../api/queries.js';
import { withoutAnsi } from './ansi.js';
import { keptLines, logParser, type ReadLine, type ShownLine } from './log-lines.js';

export interface LogSource {
  readonly cluster: string;
  readonly container: string;
}
export interface LogAsk {
  readonly sources: readonly LogSource[];
  readonly previous: boolean;
  readonly follow: boolean;
  /** Only what was written since; null: the last lines. */
  readonly since: string | null;
}
export type SourceState = 'opening' | 'waiting' | 'streaming' | 'reconnecting' | 'ended' | 'failed';

interface Reader {
  readonly place: ServicePlace;
  readonly source: LogSource;
  readonly ask: LogAsk;
  readonly signal: AbortSignal;
  onLines(lines: readonly LogLine[]): void;
  onState(state: SourceState, error?: unknown): void;
}

const tailOf = ({ follow, since, sources }: LogAsk) =>
  since ? 50_000 : follow ? Math.ceil(5000 / sources.length) : 50_000;

/** Reads one container to its end. A followed one that breaks off is opened again from the last line that was read. */
export async function readSource(reader: Reader): Promise<void> {
  let since = reader.ask.since;
  for (let failures = 0; !reader.signal.aborted; failures += 1) {
    try {
      const read = await readOnce(reader, since, failures > 0);
      since = read.lastAt ?? since;
      if (!reader.ask.follow || read.hasEnded) return reader.onState('ended');
      failures = 0;
    } catch (error) {
      if (reader.signal.aborted) return;
      const isRefused = error instanceof ProblemError && error.status >= 400 && error.status < 500;
      if (error instanceof BrokenOff) since = error.lastAt ?? since;
      // What could not even be opened is said at once; what had been read is waited for.
      if (!reader.ask.follow || isRefused || (failures === 0 && !(error instanceof BrokenOff)))
        return reader.onState('failed', error);
    }
    reader.onState('reconnecting');
    await new Promise((resolve) => setTimeout(resolve, Math.min(10_000, 1000 * 2 ** failures)));
  }
}

class BrokenOff extends Error {
  constructor(readonly lastAt: string | null) {
    super('the stream broke off');
  }
}

async function readOnce(
  { place, source, ask, signal, onLines, onState }: Reader,
  since: string | null,
  again: boolean,
) {
  const { follow, previous } = ask;
  const query = {
    ...source,
    follow: yesNo(follow),
    previous: yesNo(previous),
    tailLines: tailOf(ask),
    ...(since && { sinceTime: since }),
  };
  const stream = await openStream(routes.readLogs, { params: place, query, signal });
  const parse = logParser();
  const reader = stream.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let lastAt: string | null = null;
  let hasEnded = false;
  const take = (text: string) => {
    const lines = parse(text).filter((line) => !(again && since && 'at' in line && line.at && line.at <= since));
    for (const line of lines) {
      if ('at' in line) lastAt = line.at ?? lastAt;
      else hasEnded ||= line.notice === 'ended' || line.notice === 'gone' || line.notice === 'kept';
    }
    const last = lines.at(-1);
    if (last) onState('notice' in last && last.notice === 'not_started' ? 'waiting' : 'streaming');
    if (lines.length > 0) onLines(lines);
  };
  if (!follow || again) onState('streaming');
  try {
    let sliceFrom = performance.now();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      take(part.value);
      // Much that is there already is read in slices, so that the page stays quick.
      if (performance.now() - sliceFrom > 8) {
        await new Promise((resolve) => setTimeout(resolve));
        sliceFrom = performance.now();
      }
    }
  } catch {
    throw new BrokenOff(lastAt);
  }
  take('\n');
  return { lastAt, hasEnded };
}

/** A cluster keeps no more. */
const everything = 1_000_000;

/** What the cluster still has of one container's run, written before its first line that is shown. */
export async function readOlder(
  place: ServicePlace,
  source: LogSource,
  { previous }: Pick<LogAsk, 'previous'>,
  shown: readonly ShownLine[],
  index: number,
): Promise<ReadLine[]> {
  const first = shown.find((line) => line.source === index && line.at !== null)?.at;
  if (!first) return [];
  const text = await new Response(await openAll(place, source, previous, keptLines)).text();
  const lines = logParser()(`${text}\n`);
  return lines
    .filter((line) => 'at' in line && line.at !== null && line.at < first)
    .map((line) => ({ ...line, source: index }));
}

/** Everything that the cluster still has of one container's run, as the text of a file. */
export async function readAll(place: ServicePlace, source: LogSource, previous: boolean): Promise<string> {
  const text = await new Response(await openAll(place, source, previous, everything)).text();
  return logParser()(`${text}\n`)
    .map((line) => ('at' in line ? [line.at, withoutAnsi(line.text)].filter(Boolean).join(' ') : `# ${line.detail}`))
    .join('\n');
}

const openAll = (place: ServicePlace, source: LogSource, previous: boolean, tailLines: number) =>
  openStream(routes.readLogs, {
    params: place,
    query: { ...source, follow: 'false', previous: yesNo(previous), tailLines },
    signal: new AbortController().signal,
  });

const yesNo = (value: boolean) => (value ? ('true' as const) : ('false' as const));
