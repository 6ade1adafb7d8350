import { LogLine } from '@berth/api';

export interface ShownLine {
  readonly id: number;
  readonly at: string | null;
  readonly text: string;
  readonly level: 'error' | 'warn' | null;
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
export function appendLines(shown: readonly ShownLine[], lines: readonly LogLine[]): ShownLine[] {
  let id = shown.at(-1)?.id ?? 0;
  const added = lines.map((line): ShownLine => {
    id += 1;
    if ('notice' in line) return { id, at: null, text: line.detail, level: null, notice: line.notice };
    const text = withoutColours(line.text);
    return { id, at: line.at, text, level: levelOf(text), notice: null };
  });
  return [...shown, ...added].slice(-keptLines);
}

// eslint-disable-next-line no-control-regex -- terminal colours are control characters
const colours = /\u001b\[[0-9;]*[A-Za-z]/g;
const withoutColours = (text: string) => text.replace(colours, '');

function levelOf(text: string): ShownLine['level'] {
  const head = text.slice(0, 160);
  if (/\b(ERROR|FATAL|PANIC)\b|"level":\s*"?(error|fatal|50|60)\b|错误|异常/i.test(head)) return 'error';
  return /\b(WARN|WARNING)\b|"level":\s*"?(warn|40)\b|警告/i.test(head) ? 'warn' : null;
}

/** Numbers of the lines that have the text, without regard to case. */
export function findLines(lines: readonly ShownLine[], text: string): number[] {
  const needle = text.toLowerCase();
  if (!needle) return [];
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(needle) ? [index] : []));
}

/** The lines as a file. */
export function asFile(lines: readonly ShownLine[]): string {
  return lines.map((line) => (line.at ? `${line.at} ${line.text}` : line.text)).join('\n');
}
