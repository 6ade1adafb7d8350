import type { ServiceCause } from '@berth/api';
import { parseServiceKey, type ResolvedImage, type ServiceSpec } from '@berth/contracts';
import { requestOf } from '@berth/engines/sizing';
import {
  explain,
  withoutOldEnd,
  type ContainerFacts,
  type Facts,
  type Finding,
  type ProbeFacts,
} from '@berth/engines/why';
import type { Observed, Target } from '../service/service.js';
import { clusterReplicasOf } from '../service/service-state.js';

/** A service as its tables tell it, for who asks why it is not well. */
export interface Situation {
  readonly uid: string;
  readonly key: string;
  /** What the clusters are told to run, or what would be. */
  readonly release: number | null;
  readonly spec: ServiceSpec | null;
  readonly image: ResolvedImage | null;
  readonly lastGood: number | null;
  /** The release that is judged was itself ready everywhere once. */
  readonly wasGood: boolean;
  readonly unreadySince: Date | null;
  readonly stateSince: Date | null;
  readonly targets: readonly Target[];
  readonly observed: readonly (Observed & { readonly observedAt: string })[];
  readonly containers: readonly ContainerRow[];
}

/** A container that has not ended. */
export interface ContainerRow extends ContainerFacts {
  readonly namespace: string;
}

/** Causes with which a cluster refuses what is written to it; the others are of containers. */
const refusalCodes = new Set([
  'foreign_namespace',
  'foreign_object',
  'name_in_use',
  'terminating',
  'fenced',
  'forbidden',
  'quota',
  'invalid',
  'internal',
]);

/** A run that ends sooner shows nothing: without a readiness check a process counts as ready from its first moment. */
const leastRunSeconds = 60;

function neverLasted({ spec, containers }: Situation): boolean {
  if (spec === null || spec.readiness !== null) return false;
  return containers.some(
    ({ restarts, lastEnd }) => restarts > 0 && (lastEnd?.ranSeconds ?? Infinity) < leastRunSeconds,
  );
}

/** What is known from tables alone: neither log nor events. In a silent cluster nobody knows how a container is. */
export function factsOf(situation: Situation, now: Date): Facts {
  const { key, release, spec, lastGood, targets, observed, containers } = situation;
  const isRestless = neverLasted(situation);
  const clusters = clusterReplicasOf(targets, observed);
  const silent = observed.filter(({ fresh }) => !fresh);
  const isSilent = new Set(silent.map(({ cluster }) => cluster));
  return {
    release,
    desired: clusters.reduce((total, row) => total + row.desired, 0),
    ready: clusters.reduce((total, row) => total + Math.min(row.desired, row.ready), 0),
    // Each of its restarts would be a new beginning.
    unreadySince: isRestless ? null : (situation.unreadySince?.toISOString() ?? null),
    spec: spec && specFacts(spec, key),
    containers: containers.map((row) =>
      isSilent.has(row.cluster) ? { ...row, state: 'unknown' } : withoutOldEnd(row, now),
    ),
    events: [],
    refusals: observed.flatMap(({ cluster, causeCode, causeDetail }) =>
      causeCode !== null && refusalCodes.has(causeCode) ? [{ cluster, code: causeCode, detail: causeDetail }] : [],
    ),
    silent: silent.map(({ cluster, observedAt }) => ({ cluster, since: new Date(observedAt).toISOString() })),
    log: [],
    peakMemoryMiB: null,
    lastGood,
    wasGood: situation.wasGood && !isRestless,
  };
}

function specFacts({ image, size, readiness, liveness, variables }: ServiceSpec, key: string): Facts['spec'] {
  return {
    image,
    ...size,
    request: requestOf(size, parseServiceKey(key).environment),
    readiness: readiness && probeFacts(readiness),
    liveness: liveness && probeFacts(liveness),
    variables: variables.map(({ name }) => name),
  };
}

function probeFacts(probe: NonNullable<ServiceSpec['readiness']>): ProbeFacts {
  return {
    probe: probe.kind,
    port: 'port' in probe ? probe.port : null,
    path: 'path' in probe ? probe.path : null,
  };
}

/** The short form for lists. */
export function causeOf(situation: Situation, now: Date): ServiceCause | null {
  const finding = explain(factsOf(situation, now));
  if (!finding) return null;
  const { kind, params, cluster } = finding;
  const since = neverLasted(situation) ? null : (situation.unreadySince ?? situation.stateSince);
  return {
    kind,
    params,
    cluster,
    exitCode: exitCodeOf(finding),
    restartsLast10Minutes: situation.containers.reduce((total, row) => total + row.restartsLast10Minutes, 0),
    since: since?.toISOString() ?? finding.since,
  };
}

function exitCodeOf({ proof }: Finding): number | null {
  const exitCode = proof.find(({ code }) => code === 'exit_code')?.params['exitCode'];
  return typeof exitCode === 'number' ? exitCode : null;
}
