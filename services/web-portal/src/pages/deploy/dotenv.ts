export interface DotenvRow {
  readonly name: string;
  readonly value: string;
}
export interface DotenvResult {
  readonly rows: readonly DotenvRow[];
  /** Numbers (from 1) of the lines that are no `NAME=value`. */
  readonly badLines: readonly number[];
}

/**
 * Reads a pasted `.env`: `NAME=value`, `export NAME=value`, comments, single quotes (as they are), double quotes (with
 * `\n` and `\"`, over several lines). A name that comes twice counts with its last value.
 */
export function parseDotenv(text: string): DotenvResult {
  const rows = new Map<string, string>();
  const badLines: number[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const start = index;
    let line = lines[index] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,127})\s*=\s*(.*)$/.exec(line);
    if (!match) {
      badLines.push(start + 1);
      continue;
    }
    const name = match[1] as string;
    let raw = match[2] as string;
    if (raw.startsWith('"')) {
      while (!closed(raw) && index + 1 < lines.length) {
        index += 1;
        line = lines[index] ?? '';
        raw += `\n${line}`;
      }
      const quoted = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(raw);
      if (quoted) rows.set(name, (quoted[1] as string).replace(/\\n/g, '\n').replace(/\\(["\\$])/g, '$1'));
      else badLines.push(start + 1);
    } else if (raw.startsWith("'")) {
      const quoted = /^'([^']*)'/.exec(raw);
      if (quoted) rows.set(name, quoted[1] as string);
      else badLines.push(start + 1);
    } else rows.set(name, raw.replace(/\s+#.*$/, '').trim());
  }
  return { rows: [...rows].map(([name, value]) => ({ name, value })), badLines };
}

const closed = (raw: string) => /^"((?:[^"\\]|\\[\s\S])*)"/.test(raw);

/** A guess by name: passwords, keys and tokens are better sealed. */
export function looksSecret(name: string): boolean {
  return /(^|_)(PASS(WORD|WD)?|PWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?|DSN)($|_)/i.test(name);
}
