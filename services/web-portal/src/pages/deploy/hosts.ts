import { isOwnHostName, type HostAlias } from '@berth/contracts';
import { z } from 'zod';

/** A row of the form: an address, and its names as they are typed. */
export const HostDraft = z.object({ ip: z.string(), names: z.string() });
export type HostDraft = z.infer<typeof HostDraft>;

const words = (text: string) => text.split(/[\s,;，；、]+/).filter(Boolean);
export const isEmptyHost = ({ ip, names }: HostDraft): boolean => ip.trim() === '' && words(names).length === 0;

export const hostDrafts = (aliases: readonly HostAlias[] = []): HostDraft[] =>
  aliases.map(({ ip, hostnames }) => ({ ip, names: hostnames.join(' ') }));

/** As they would be sent: rows without anything are left out. */
export const hostAliasesOf = (rows: readonly HostDraft[]): HostAlias[] =>
  rows.filter((row) => !isEmptyHost(row)).map(({ ip, names }) => ({ ip: ip.trim(), hostnames: words(names) }));

export interface HostsResult {
  readonly rows: readonly HostDraft[];
  /** Numbers (from 1) of the lines that are no address with names. */
  readonly badLines: readonly number[];
}

/**
 * Reads pasted lines of /etc/hosts: comments, capitals and an address in several lines are well. The names that every
 * container has of its own (localhost) are passed over, because a whole file has them.
 */
export function parseHosts(text: string): HostsResult {
  const found: HostDraft[] = [];
  const badLines: number[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const [ip, ...names] = words(line.replace(/#.*$/, '').toLowerCase());
    if (ip === undefined) return;
    const isAddress = z.regexes.ipv4.test(ip) || z.regexes.ipv6.test(ip);
    if (!isAddress || names.length === 0) badLines.push(index + 1);
    else found.push({ ip, names: names.filter((name) => !isOwnHostName(name)).join(' ') });
  });
  return { rows: found.reduce(withHosts, []), badLines };
}

/** The rows with another one: its names leave the addresses that they had, and an address keeps one row. */
export function withHosts(rows: readonly HostDraft[], { ip, names }: HostDraft): HostDraft[] {
  const own = [...new Set(words(names))];
  if (own.length === 0) return [...rows];
  const left = own.reduce(withoutHost, rows);
  return left.some((row) => row.ip.trim() === ip)
    ? left.map((row) => (row.ip.trim() === ip ? { ...row, names: [...words(row.names), ...own].join(' ') } : row))
    : [...left, { ip, names: own.join(' ') }];
}

/** The rows without a name; an address that had only this one goes with it. */
function withoutHost(rows: readonly HostDraft[], name: string): HostDraft[] {
  return rows.flatMap((row) => {
    const names = words(row.names);
    if (!names.includes(name)) return [row];
    const left = names.filter((other) => other !== name);
    return left.length === 0 ? [] : [{ ...row, names: left.join(' ') }];
  });
}

/** The rows with one name as `from` has it. */
export function hostAsIn(rows: readonly HostDraft[], from: readonly HostDraft[], name: string): HostDraft[] {
  const row = from.find(({ names }) => words(names).includes(name));
  return row ? withHosts(rows, { ip: row.ip, names: name }) : withoutHost(rows, name);
}
