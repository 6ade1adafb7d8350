import { LogLine } from '@berth/api';
import { withoutAnsi } from './ansi.js';

export type LogLevel = 'error' | 'warn' | 'debug';

/** A line as it was read, with the number of the container that wrote it. */
export type ReadLine = LogLine & { readonly source: number };

export interface ShownLine {
  /** Rises by one with every line, so that a line's place is `id` less the first one's. */
  readonly id: number;
  readonly source: number;
  readonly at: string | null;
  /** Without colours: what is searched and saved. */
  readonly text: string;
  /** With colours, where there are any. */
  readonly coloured: string | null;
  readonly level: LogLevel | null;
  /** Set for a line that is the platform's, not the program's. */
  readonly notice: string | null;
}

export const keptLines = 50_000;

/** Cuts a stream of NDJSON text into lines; keeps what is not complete. Lines that are no log line are left out. */
export function logParser(): (chunk: string) => LogLine[] {
  let rest = '';
  return (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    return parts.flatMap((part) => {
      if (part.trim() === '') return [];
      try {
        const parsed = LogLine.safeParse(JSON.parse(part));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    });
  };
}

/** Adds lines to those shown, and forgets the oldest over 50,000. */
export function appendLines(shown: readonly ShownLine[], lines: readonly ReadLine[]): readonly ShownLine[] {
  let id = shown.at(-1)?.id ?? 0;
  const added: ShownLine[] = [];
  for (const line of lines) {
    id += 1;
    added.push(shownLine(id, line));
  }
  const all = shown.concat(added);
  return all.length > keptLines ? all.slice(-keptLines) : all;
}

/** Lines with older ones among them, and by how much the ids after the reader's line have risen. */
export interface WithOlder {
  readonly lines: readonly ShownLine[];
  readonly risen: number;
}

/**
 * Puts older lines where they belong by time, the newest of them, as many as fit into 50,000. Of one container all come
 * before those that are shown; of several the louder ones reach back less far, and what they lack belongs between.
 * The line that the reader sees keeps its id.
 */
export function withOlder(shown: readonly ShownLine[], lines: readonly ReadLine[], readersId: number): WithOlder {
  const room = Math.max(0, keptLines - shown.length);
  const older = room === 0 ? [] : byTime(lines).slice(-room);
  const all: (ShownLine | ReadLine)[] = [];
  let next = 0;
  let readersPlace = 0;
  let before = 0;
  for (const line of shown) {
    const at = line.at === null ? -Infinity : Date.parse(line.at);
    for (let one = older[next]; one && timeOf(one) <= at; one = older[next]) {
      all.push(one);
      next += 1;
    }
    if (line.id === readersId) {
      readersPlace = all.length;
      before = next;
    }
    all.push(line);
  }
  all.push(...older.slice(next));
  const first = (shown.some(({ id }) => id === readersId) ? readersId : (shown[0]?.id ?? 1)) - readersPlace;
  const numbered = all.map((line, index) =>
    'id' in line ? { ...line, id: first + index } : shownLine(first + index, line),
  );
  return { lines: numbered, risen: all.length - shown.length - before };
}

const timeOf = (line: ReadLine) => ('at' in line && line.at !== null ? Date.parse(line.at) : -Infinity);

function shownLine(id: number, line: ReadLine): ShownLine {
  const { source } = line;
  if ('notice' in line)
    return { id, source, at: null, text: line.detail, coloured: null, level: null, notice: line.notice };
  const text = withoutAnsi(line.text);
  const coloured = text.length === line.text.length ? null : line.text;
  return { id, source, at: line.at, text, coloured, level: levelOf(text), notice: null };
}

function levelOf(text: string): ShownLine['level'] {
  const head = text.slice(0, 160);
  if (/\b(ERROR|FATAL|PANIC)\b|"level":\s*"?(error|fatal|50|60)\b|错误|异常/i.test(head)) return 'error';
  if (/\b(WARN|WARNING)\b|"level":\s*"?(warn|40)\b|警告/i.test(head)) return 'warn';
  return /\b(DEBUG|TRACE)\b|"level":\s*"?(debug|trace|20|10)\b/.test(head) ? 'debug' : null;
}

/** Lines of several containers by their time; those of one container stay in their order. */
export function byTime(lines: readonly ReadLine[]): ReadLine[] {
  const timeOf = (line: ReadLine) => ('at' in line && line.at !== null ? Date.parse(line.at) : null);
  let last = 0;
  return lines
    .map((line) => ({ line, at: (last = timeOf(line) ?? last) }))
    .sort((a, b) => a.at - b.at)
    .map(({ line }) => line);
}

/** The finds of one text so far. */
export interface Found {
  readonly text: string;
  /** Ids of the lines that have it. */
  readonly ids: readonly number[];
  /** First and last line that were looked at. */
  readonly from: number;
  readonly upTo: number;
}

/** Looks for a text without regard to case; only through what has come since `before` when that was for the same text. */
export function findMore(before: Found, lines: readonly ShownLine[], text: string): Found {
  const first = lines[0]?.id ?? 1;
  const isSame =
    before.text === text && before.from <= first && before.upTo >= first - 1 && before.upTo <= (lines.at(-1)?.id ?? 0);
  if (text === '') return { text, ids: [], from: first, upTo: lines.at(-1)?.id ?? 0 };
  const pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
  const ids = isSame ? before.ids.filter((id) => id >= first) : [];
  for (let index = isSame ? before.upTo + 1 - first : 0; index < lines.length; index += 1) {
    const line = lines[index] as ShownLine;
    if (pattern.test(line.text)) ids.push(line.id);
  }
  return { text, ids, from: first, upTo: lines.at(-1)?.id ?? 0 };
}

/** Place of the first line written at or after a time; null when all were written later, or before. */
export function placeOfTime(lines: readonly ShownLine[], at: number): number | null {
  let isBefore = false;
  for (let index = 0; index < lines.length; index += 1) {
    const written = lines[index]?.at;
    if (!written) continue;
    if (Date.parse(written) >= at) return isBefore ? index : null;
    isBefore = true;
  }
  return null;
}

/** The lines as a file. */
export function asFile(lines: readonly ShownLine[], names: readonly string[]): string {
  return lines
    .map((line) => [line.at, names.length > 1 && names[line.source], line.text].filter(Boolean).join(' '))
    .join('\n');
}
