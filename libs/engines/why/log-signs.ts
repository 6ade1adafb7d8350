import type { Diagnosis } from './finding.js';
import { missingVariableIn } from './variable-signs.js';

/** A host as it is written in messages; numbers alone are no name. */
const host = '([a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)';

const unresolved = [
  new RegExp(`getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ${host}`),
  new RegExp(`lookup ${host}(?: on [^:]+:\\d+)?: (?:no such host|server misbehaving|i/o timeout)`),
  new RegExp(`UnknownHostException: ${host}`),
  new RegExp(`could not translate host name "${host}"`),
  new RegExp(`host not found in upstream "${host}`),
  new RegExp(`Failed to resolve '${host}'`),
  new RegExp(`[Cc]ould not resolve host(?:name)?:? "?${host}`),
  new RegExp(
    `(?:Name or service not known|Temporary failure in name resolution|No address associated with hostname)[^a-zA-Z0-9]+${host}`,
  ),
  new RegExp(
    `(?:host|Host|hostname) ["']?${host}["']?[^\\n]{0,40}(?:Name or service not known|Temporary failure in name resolution|not known|not found)`,
  ),
];
const unresolvedNameless =
  /Name or service not known|Temporary failure in name resolution|getaddrinfo failed|no such host/;

const address = '((?:\\[[0-9a-f:]+\\]|[a-zA-Z0-9./-]*[a-zA-Z0-9]):\\d{1,5})';
/** Host and port as they stand apart in a message. */
const hostAndPort = `["']?${host}["']?(?: \\([^)]*\\))?,? port[ =]['"]?(\\d{1,5})`;
const unreachable = [
  new RegExp(`(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ECONNRESET) ${address}`),
  new RegExp(`dial tcp (?:[^ ]+->)?${address}: (?:connect: connection refused|i/o timeout|connect: no route to host)`),
  new RegExp(`[Cc]onnect(?:ion)? to ${address}[^\\n]{0,40}(?:refused|timed out|failed)`),
  new RegExp(`Connection to node -?\\d+ \\(${address}\\) could not be established`),
  new RegExp(`connecting to ${address}[^\\n]{0,40}(?:refused|timed out)`),
  new RegExp(`Can't connect to (?:MySQL|MariaDB)? ?server on '${address}'`),
  new RegExp(`(?:refused|timed out)\\) while connecting to upstream[^\\n]*upstream: "[a-z]+://${address}`),
  new RegExp(`(?:server at|host=|connect to) ?${hostAndPort}[^\\n]*(?:refused|timed out)`),
  new RegExp(`${address}[^\\n]{0,30}(?:[Cc]onnection refused|connection timed out)`),
];
const unreachableNameless = /[Cc]onnection refused|\bECONNREFUSED\b|ConnectionRefusedError|[Cc]onnection timed out/;
const heap =
  /heap out of memory|java\.lang\.OutOfMemoryError|std::bad_alloc|\bMemoryError\b|[Cc]annot allocate memory|runtime: out of memory/;
const wrongArchitecture = /exec format error/;
/** As shells, `env` and container runtimes say it. */
const noCommand =
  /executable file not found|exec: .*(?:no such file|permission denied)|^exec \S+: (?:no such file|permission denied)|^(?:\S*\/)?(?:(?:ba|da|a)?sh|env|[\w.-]+\.sh):(?: (?:line )?\d+:)? \S+: (?:(?:command )?not found|No such file or directory)$/;
/** A server tells where it listens: `listening on 127.0.0.1:8080`, `监听 localhost:8080`. */
const loopbackListen = /(?:listen|serv|bound|started|监听)[^\n]{0,80}(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}/i;
/** What a line says it says at its beginning. */
const longestJudged = 2_000;
/** From a line without a name, so many further up one with a name may stand. */
const nearLines = 20;

/** What the last lines of a run say, the latest line first; null when they say nothing that we know. */
export function diagnoseLog(lines: readonly string[], known: ReadonlySet<string>): Diagnosis | null {
  const latestFirst = [...lines].reverse();
  for (const [index, line] of latestFirst.entries()) {
    const said = diagnoseLine(line, known);
    if (!said) continue;
    if (isNamed(said)) return withProof(said, line);
    for (const earlier of latestFirst.slice(index + 1, index + nearLines)) {
      const other = diagnoseLine(earlier, known);
      if (other?.kind === said.kind && isNamed(other)) return withProof(other, earlier);
    }
    return withProof(said, line);
  }
  return null;
}

const isNamed = ({ params }: Said) => !Object.values(params ?? {}).includes(null);

function withProof(said: Said, line: string): Diagnosis {
  return { ...said, proof: [{ code: 'log_line', params: { text: quoted(line) } }] };
}

/** The latest line in which a server says that it listens on the loopback alone; null when none does. */
export function loopbackListenIn(lines: readonly string[]): string | null {
  return lines.findLast((line) => loopbackListen.test(line.slice(0, longestJudged))) ?? null;
}

type Said = Omit<Diagnosis, 'proof'>;

function diagnoseLine(whole: string, known: ReadonlySet<string>): Said | null {
  const line = whole.slice(0, longestJudged);
  if (heap.test(line)) return { kind: 'out_of_memory', confidence: 'likely' };
  const hostName = first(unresolved, line);
  if (hostName) return { kind: 'dependency_unresolved', params: { host: hostName }, confidence: 'certain' };
  if (unresolvedNameless.test(line))
    return { kind: 'dependency_unresolved', params: { host: null }, confidence: 'likely' };
  const peer = first(unreachable, line);
  if (peer) return { kind: 'dependency_unreachable', params: { address: peer }, confidence: 'likely' };
  if (unreachableNameless.test(line))
    return { kind: 'dependency_unreachable', params: { address: null }, confidence: 'likely' };
  if (wrongArchitecture.test(line)) return { kind: 'image_wrong_architecture', confidence: 'likely' };
  if (noCommand.test(line)) return { kind: 'command_not_found', confidence: 'likely' };
  const variable = missingVariableIn(line);
  // One that is there is perhaps wrong, but it is not missing.
  if (variable) {
    if (known.has(variable)) return { kind: 'config_missing', params: { variable }, confidence: 'possible' };
    return { kind: 'variable_missing', params: { name: variable }, confidence: 'likely' };
  }
  return null;
}

function first(patterns: readonly RegExp[], line: string): string | null {
  for (const pattern of patterns) {
    const [, found, port] = pattern.exec(line) ?? [];
    if (found) return port === undefined ? found : `${found}:${port}`;
  }
  return null;
}

const longest = 300;

/** A line as proof: cut, and without what looks like a password. */
export function quoted(line: string): string {
  const clean = line
    // eslint-disable-next-line no-control-regex -- colours of terminals
    .replace(/\u001b\[[0-9;]*m/g, '')
    .replace(/(\/\/[^\s:/@]+:)[^\s@]+@/g, '$1***@')
    .replace(
      /((?:password|passwd|pwd|secret|token|api[_-]?key|authorization)["']?\s*[=:]\s*)(?:Bearer\s+)?[^\s,;&}]+/gi,
      '$1***',
    )
    .trim();
  return clean.length > longest ? `${clean.slice(0, longest - 1)}…` : clean;
}
