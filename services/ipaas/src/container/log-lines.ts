import type { LogLine } from '@berth/api';
import { StringDecoder } from 'node:string_decoder';

/** Longer lines are cut: a line is something to read. */
const longestLine = 256 * 1024;

/** Turns the bytes of a log with timestamps into NDJSON text, chunk by chunk. */
export class LogLines {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private isCut = false;
  private latest: string | null = null;

  /** @param after Lines of this time and before were given already: the cluster tells times to the second only. */
  constructor(private readonly after: string | null = null) {}

  /** Time of the latest line that was given. */
  get lastAt(): string | null {
    return this.latest ?? this.after;
  }

  /** Text for all lines that are complete now; '' when there is none. */
  push(bytes: Buffer): string {
    const parts = (this.rest + this.decoder.write(bytes)).split('\n');
    this.rest = parts.pop() ?? '';
    const lines = parts.map((line, index) => (index === 0 ? this.first(line) : this.toJson(line)));
    return lines.join('') + this.cutRest();
  }

  /** The last line, if it did not end. */
  end(): string {
    const last = this.rest + this.decoder.end();
    this.rest = '';
    return last === '' || this.isCut ? '' : this.toJson(last);
  }

  /** What is left of a line whose beginning was already given is dropped. */
  private first(line: string): string {
    if (!this.isCut) return this.toJson(line);
    this.isCut = false;
    return '';
  }

  private cutRest(): string {
    if (this.rest.length <= longestLine) return '';
    const given = this.isCut ? '' : this.toJson(`${this.rest.slice(0, longestLine)}…`);
    this.isCut = true;
    this.rest = '';
    return given;
  }

  private toJson(text: string): string {
    const line = logLine(text);
    if (this.after !== null && 'at' in line && line.at !== null && line.at <= this.after) return '';
    if ('at' in line) this.latest = line.at ?? this.latest;
    return `${JSON.stringify(line)}\n`;
  }
}

const timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/;

/** One line as the API gives it. */
export function logLine(line: string): LogLine {
  const found = timestamp.exec(line);
  const text = line.slice(found?.[0].length ?? 0).replace(/\r$/, '');
  return { at: found?.[1] === undefined ? null : utc(found[1]), text };
}

/** The kubelet may write its own time zone; the API speaks UTC, and keeps the fraction as it came. */
function utc(time: string): string {
  return time.endsWith('Z') ? time : new Date(time).toISOString();
}
