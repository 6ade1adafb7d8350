import type { ContainerFacts, Facts, ProbeFacts } from './facts.js';
import type { Diagnosis, Params, Proof } from './finding.js';
import { imageKindOf, registryOf } from './image-signs.js';
import { diagnoseLog, loopbackListenIn, quoted } from './log-signs.js';

type Rule = (container: ContainerFacts, facts: Facts) => Diagnosis | null;

const exitConfig = 78;
const exitNotExecutable = 126;
const exitNotFound = 127;
const exitCannotRun = 128;
const killed = 137;
const terminated = 143;
/** From here on what was used is the limit, for a measure that is taken now and then. */
const nearLimit = 0.95;

const image: Rule = ({ state, detail, name, cluster }, { spec, events }) => {
  if (state !== 'image_error') return null;
  const told = events
    .filter((event) => event.object === name && event.cluster === cluster)
    .map(({ message }) => message);
  const words = [detail ?? '', ...told.filter((message) => /pull|image/i.test(message))];
  const found = words.map((text) => ({ text, kind: imageKindOf(text) })).find(({ kind }) => kind !== null);
  const wanted = spec?.image ?? '';
  const kind = found?.kind ?? 'image_not_found';
  const params: Params = kind === 'registry_unreachable' ? { registry: registryOf(wanted) } : { image: wanted };
  return {
    kind,
    params,
    confidence: found ? 'certain' : 'possible',
    proof: said(found?.text ?? detail),
  };
};

const cannotBeMade: Rule = ({ detail, lastEnd }) => {
  const words = detail ?? '';
  if (/runAsNonRoot|run as root|non-numeric user/.test(words))
    return { kind: 'user_not_allowed', confidence: 'certain', proof: said(words) };
  if (/^CreateContainerConfigError/.test(words)) {
    const secret = /secret "([^"]+)" not found|references non-existent secret key: (\S+)/.exec(words);
    return {
      kind: 'config_missing',
      params: { secret: secret?.[1] ?? secret?.[2] ?? null },
      confidence: 'certain',
      proof: said(words),
    };
  }
  const didNotStart =
    /^(?:CreateContainerError|RunContainerError)/.test(words) ||
    lastEnd?.reason === 'StartError' ||
    lastEnd?.reason === 'ContainerCannotRun';
  if (!didNotStart) return null;
  if (/exec format error/.test(words))
    return { kind: 'image_wrong_architecture', confidence: 'certain', proof: said(words) };
  return { kind: 'command_not_found', confidence: 'certain', proof: [...said(detail), ...exitProof(lastEnd)] };
};

/** Why nodes are no place for a container, in the scheduler's words, beside having no room. */
const placeSigns: readonly (readonly [RegExp, string])[] = [
  [/volume|persistentvolumeclaim/i, 'volume'],
  [/untolerated taint|were unschedulable/i, 'taint'],
  [/node affinity|node selector|NodeName/i, 'selector'],
  [/topology spread|anti-affinity|pod affinity/i, 'spread'],
];

const unscheduled: Rule = ({ state, detail }, { spec }): Diagnosis | null => {
  if (state !== 'pending' || !detail) return null;
  const isRoom = /Insufficient|Too many pods|didn't have free/i.test(detail);
  if (isRoom)
    return { kind: 'no_capacity', params: { ...requestOf(spec) }, confidence: 'certain', proof: said(detail) };
  const reason = placeSigns.find(([sign]) => sign.test(detail))?.[1] ?? null;
  return { kind: 'unschedulable', params: { reason }, confidence: 'certain', proof: said(detail) };
};

function requestOf(spec: Facts['spec']): { cpuMillis: number | null; memoryMiB: number | null } {
  return { cpuMillis: spec?.request?.cpuMillis ?? null, memoryMiB: spec?.request?.memoryMiB ?? null };
}

const outOfMemory: Rule = ({ lastEnd, detail }, { spec, peakMemoryMiB }) => {
  const isOom = lastEnd?.reason === 'OOMKilled' || /OOMKilled/.test(detail ?? '');
  const isNear = spec !== null && peakMemoryMiB !== null && peakMemoryMiB >= nearLimit * spec.memoryMiB;
  if (!isOom && !(lastEnd?.exitCode === killed && isNear)) return null;
  return {
    kind: 'out_of_memory',
    params: { limitMiB: spec?.memoryMiB ?? null, peakMiB: peakMemoryMiB },
    confidence: isOom ? 'certain' : 'likely',
    proof: [...exitProof(lastEnd), ...memoryProof(spec?.memoryMiB ?? null, peakMemoryMiB)],
  };
};

/** The kubelet kills it because its liveness check fails; it may end with any code then, also with 0. */
const liveness: Rule = (container, { spec, events }) => {
  const own = events.filter(({ object, cluster }) => object === container.name && cluster === container.cluster);
  const failing = own.find(
    ({ reason, message }) => reason === 'Unhealthy' && /^(?:Liveness|Startup) probe/.test(message),
  );
  const killing = own.find(({ message }) => /failed (?:liveness|startup) probe/.test(message));
  if (container.restarts === 0 || !spec?.liveness) return null;
  // Without the cluster's events the way it ended is all there is: told to stop, or killed.
  const wasStopped = container.lastEnd?.exitCode === terminated || container.lastEnd?.exitCode === killed;
  if (!failing && !killing)
    return wasStopped
      ? {
          kind: 'liveness_failing',
          params: { ...spec.liveness, startup: false },
          confidence: 'possible',
          proof: [probeProof(spec.liveness), ...exitProof(container.lastEnd)],
        }
      : null;
  const words = failing?.message ?? killing?.message ?? '';
  return {
    kind: 'liveness_failing',
    params: { ...spec.liveness, startup: /startup/i.test(words) },
    confidence: killing ? 'certain' : 'likely',
    proof: [
      probeProof(spec.liveness),
      { code: 'probe_said', params: { text: quoted(words) } },
      ...exitProof(container.lastEnd),
    ],
  };
};

const log: Rule = ({ lastEnd }, { log: lines, spec }) => {
  const known = new Set(spec?.variables ?? []);
  const diagnosis = diagnoseLog(lines, known);
  if (!diagnosis) return null;
  const { kind, confidence } = diagnosis;
  // Exit code 78 is `EX_CONFIG`: the process itself says that its configuration is wrong.
  const isSure = kind === 'variable_missing' && lastEnd?.exitCode === exitConfig;
  const memory = kind === 'out_of_memory' ? { params: { limitMiB: spec?.memoryMiB ?? null, peakMiB: null } } : {};
  const wrong = kind === 'image_wrong_architecture' ? { params: { image: spec?.image ?? null } } : {};
  return {
    ...diagnosis,
    ...memory,
    ...wrong,
    confidence: isSure ? 'certain' : confidence,
    proof: [
      ...exitProof(lastEnd),
      ...diagnosis.proof,
      ...(kind === 'out_of_memory' ? memoryProof(spec?.memoryMiB ?? null, null) : []),
    ],
  };
};

const exit: Rule = ({ lastEnd, state, restarts }): Diagnosis | null => {
  if (!lastEnd || lastEnd.exitCode === null || (state !== 'crash_looping' && state !== 'ended' && restarts === 0))
    return null;
  const proof = exitProof(lastEnd);
  const { exitCode } = lastEnd;
  if (exitCode === 0) return { kind: 'exits_normally', confidence: 'certain', proof };
  if (exitCode === exitConfig) return { kind: 'config_missing', params: { exitCode }, confidence: 'likely', proof };
  if (exitCode === exitNotFound || exitCode === exitNotExecutable || exitCode === exitCannotRun)
    return { kind: 'command_not_found', confidence: 'likely', proof };
  return { kind: 'crash', params: { exitCode, signal: signalOf(exitCode) }, confidence: 'possible', proof };
};

const readiness: Rule = (container, { spec, events, log: lines }) => {
  if (container.state !== 'not_ready' || !spec?.readiness) return null;
  const event = events.find(
    ({ object, reason, message }) => object === container.name && reason === 'Unhealthy' && /^Readiness/.test(message),
  );
  // The words of one that was started again are about its end, not about its check.
  const words = event?.message ?? (container.restarts === 0 ? container.detail : null);
  const spoken: Proof[] = words ? [{ code: 'probe_said', params: { text: quoted(words) } }] : [];
  // A check comes from outside the container: what listens on its loopback alone refuses it, whatever the port.
  const isRefused = /connection refused/i.test(words ?? '');
  const loopback = isRefused ? loopbackListenIn(lines) : null;
  const reason = loopback ? 'loopback_only' : 'nobody_listens';
  return {
    kind: 'readiness_failing',
    params: { ...spec.readiness, ...(isRefused && { reason }) },
    confidence: words ? 'certain' : 'likely',
    proof: [
      probeProof(spec.readiness),
      ...spoken,
      ...(loopback ? [{ code: 'log_line' as const, params: { text: quoted(loopback) } }] : []),
    ],
  };
};

/** In the order in which they are believed: what the cluster says of a container before what the container says of itself. */
export const containerRules: readonly Rule[] = [
  image,
  cannotBeMade,
  unscheduled,
  outOfMemory,
  liveness,
  log,
  exit,
  readiness,
];

function said(text: string | null | undefined): Proof[] {
  return text ? [{ code: 'cluster_said', params: { text: quoted(text) } }] : [];
}

function exitProof(lastEnd: ContainerFacts['lastEnd']): Proof[] {
  if (!lastEnd || lastEnd.exitCode === null) return [];
  const { exitCode, reason, ranSeconds = null } = lastEnd;
  const signal = signalOf(exitCode);
  return [
    { code: 'exit_code', params: { exitCode, reason } },
    ...(signal === null ? [] : [{ code: 'signal' as const, params: { signal } }]),
    ...(ranSeconds === null ? [] : [{ code: 'ran_for' as const, params: { ranSeconds } }]),
  ];
}

function memoryProof(limitMiB: number | null, peakMiB: number | null): Proof[] {
  return [
    ...(limitMiB === null ? [] : [{ code: 'memory_limit' as const, params: { memoryMiB: limitMiB } }]),
    ...(peakMiB === null ? [] : [{ code: 'memory_peak' as const, params: { memoryMiB: peakMiB } }]),
  ];
}

function probeProof(probe: ProbeFacts): Proof {
  return { code: 'probe', params: { ...probe } };
}

/** 128 + n is how shells and container runtimes tell of signal n. */
function signalOf(exitCode: number): number | null {
  return exitCode > exitCannotRun && exitCode < exitCannotRun + 65 ? exitCode - exitCannotRun : null;
}
