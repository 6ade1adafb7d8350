import type { Diagnosis } from './finding.js';

const name = '([A-Z][A-Z0-9_]{2,127})';
/** A host as it is written in messages; numbers alone are no name. */
const host = '([a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)';

const missingVariable = [
  new RegExp(`(?:missing|required|undefined|unset|lacks?)\\b[^A-Z\\n]{0,60}\\b${name}\\b`, 'i'),
  new RegExp(
    `\\b${name}["'\`]?\\s+(?:environment variable\\s+|env var\\s+|variable\\s+)?(?:is|was|must be|has to be|should be)?\\s*(?:not\\s+(?:set|defined|provided|found|configured)|missing|required|undefined|unset|empty|set\\b(?!\\s+to))`,
    'i',
  ),
  new RegExp(`KeyError:\\s*["']${name}["']`),
  new RegExp(`(?:could not resolve|Could not resolve) placeholder ['"]${name}['"]`, 'i'),
  new RegExp(`(?:environment variable|env var|环境变量)[^A-Za-z\\n]{0,20}${name}`, 'i'),
  new RegExp(`(?:缺少|未设置|没有设置|未配置|缺失)[^A-Za-z\\n]{0,20}${name}`),
  new RegExp(`${name}[^A-Za-z\\n]{0,10}(?:未设置|未配置|为空|缺失|不能为空)`),
];

/** Words in capitals that look like a name of a variable and are none. */
const noVariable = new Set([
  'ERROR',
  'FATAL',
  'WARN',
  'WARNING',
  'INFO',
  'DEBUG',
  'TRACE',
  'PANIC',
  'ENV',
  'NULL',
  'THE',
]);

const unresolved = [
  new RegExp(`getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ${host}`),
  new RegExp(`lookup ${host}(?: on [^:]+:\\d+)?: (?:no such host|server misbehaving|i/o timeout)`),
  new RegExp(`UnknownHostException: ${host}`),
  new RegExp(`could not translate host name "${host}"`),
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

const address = '((?:\\[[0-9a-f:]+\\]|[a-zA-Z0-9.-]+):\\d{1,5})';
const unreachable = [
  new RegExp(`(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ECONNRESET) ${address}`),
  new RegExp(`dial tcp (?:[^ ]+->)?${address}: (?:connect: connection refused|i/o timeout|connect: no route to host)`),
  new RegExp(`[Cc]onnect(?:ion)? to ${address}[^\\n]{0,40}(?:refused|timed out|failed)`),
  new RegExp(`${address}[^\\n]{0,30}(?:[Cc]onnection refused|connection timed out)`),
];
const heap =
  /heap out of memory|java\.lang\.OutOfMemoryError|std::bad_alloc|\bMemoryError\b|[Cc]annot allocate memory|runtime: out of memory/;
const wrongArchitecture = /exec format error/;
const noCommand =
  /executable file not found|: not found$|no such file or directory.*exec|exec: .*(?:no such file|permission denied)/;

/** What the last lines of a run say, the latest line first; null when they say nothing that we know. */
export function diagnoseLog(lines: readonly string[], known: ReadonlySet<string>): Diagnosis | null {
  for (const line of [...lines].reverse()) {
    const diagnosis = diagnoseLine(line, known);
    if (diagnosis) return { ...diagnosis, proof: [{ code: 'log_line', params: { text: quoted(line) } }] };
  }
  return null;
}

type Said = Omit<Diagnosis, 'proof'>;

function diagnoseLine(line: string, known: ReadonlySet<string>): Said | null {
  if (heap.test(line)) return { kind: 'out_of_memory', confidence: 'likely' };
  const hostName = first(unresolved, line);
  if (hostName) return { kind: 'dependency_unresolved', params: { host: hostName }, confidence: 'certain' };
  if (unresolvedNameless.test(line))
    return { kind: 'dependency_unresolved', params: { host: null }, confidence: 'likely' };
  const peer = first(unreachable, line);
  if (peer) return { kind: 'dependency_unreachable', params: { address: peer }, confidence: 'likely' };
  if (wrongArchitecture.test(line)) return { kind: 'image_wrong_architecture', confidence: 'likely' };
  if (noCommand.test(line)) return { kind: 'command_not_found', confidence: 'likely' };
  const variable = missingIn(line);
  // One that is there is perhaps wrong, but it is not missing.
  if (variable) {
    if (known.has(variable)) return { kind: 'config_missing', params: { variable }, confidence: 'possible' };
    return { kind: 'variable_missing', params: { name: variable }, confidence: 'likely' };
  }
  return null;
}

function missingIn(line: string): string | null {
  for (const pattern of missingVariable) {
    const found = pattern.exec(line)?.[1];
    // The patterns are read without regard to case for their words; a name is in capitals all the same.
    if (found && /^[A-Z][A-Z0-9_]{2,}$/.test(found) && !noVariable.has(found)) return found;
  }
  return null;
}

function first(patterns: readonly RegExp[], line: string): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(line)?.[1];
    if (found) return found;
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
