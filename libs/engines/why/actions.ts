import type { ContainerFacts, Facts } from './facts.js';
import type { Action, Diagnosis, FindingKind } from './finding.js';

const most = 3;
/** Sizes that the form offers. */
const memorySteps = [128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768];
/** A limit that was hit is raised by at least this much. */
const leastGrowth = 1.5;

type Way = (diagnosis: Diagnosis, facts: Facts) => Action[];

const settings =
  (field: string): Way =>
  () => [{ code: 'edit_settings', params: { field } }];
const cluster: Way = (_, { silent, refusals }) => {
  const name = silent[0]?.cluster ?? refusals[0]?.cluster;
  return name === undefined ? [] : [{ code: 'open_cluster', params: { cluster: name } }];
};
const events: Way = () => [{ code: 'open_events', params: {} }];
const none: Way = () => [];

/** The one thing that mends it most directly. */
const mending: Readonly<Record<FindingKind, Way>> = {
  out_of_memory: (_, { spec }) =>
    spec ? [{ code: 'raise_memory', params: { memoryMiB: raised(spec.memoryMiB) } }] : [],
  // Where a program listens is mostly said to it by a variable; the check itself is right then.
  readiness_failing: ({ params }) =>
    params?.['reason'] === 'loopback_only'
      ? [{ code: 'edit_settings', params: { field: 'variables' } }]
      : [{ code: 'edit_probe', params: { probe: 'readiness' } }],
  liveness_failing: () => [{ code: 'edit_probe', params: { probe: 'liveness' } }],
  exits_normally: settings('command'),
  variable_missing: ({ params }) => [{ code: 'add_variable', params: { name: params?.['name'] ?? null } }],
  // A variable that is there but not accepted is shown with its value.
  config_missing: ({ params }) =>
    typeof params?.['variable'] === 'string'
      ? [{ code: 'edit_settings', params: { field: 'variable', name: params['variable'] } }]
      : [{ code: 'edit_settings', params: { field: 'variables' } }],
  dependency_unresolved: settings('variables'),
  dependency_unreachable: settings('variables'),
  command_not_found: settings('command'),
  user_not_allowed: settings('runAsUser'),
  image_not_found: settings('image'),
  image_unauthorized: settings('registryCredential'),
  image_wrong_architecture: settings('image'),
  image_invalid: settings('image'),
  registry_unreachable: none,
  no_capacity: settings('size'),
  unschedulable: none,
  quota: settings('size'),
  cluster_silent: cluster,
  cluster_refuses: cluster,
  crash: none,
  unknown: none,
};

/** Where no container ran there is no log to read. */
const withoutLog: ReadonlySet<FindingKind> = new Set([
  'image_not_found',
  'image_unauthorized',
  'image_wrong_architecture',
  'image_invalid',
  'registry_unreachable',
  'user_not_allowed',
  'no_capacity',
  'unschedulable',
  'quota',
  'cluster_refuses',
  'unknown',
]);

/** At most three things to do, the best first. A silent cluster is nobody's fault here: nothing is rolled back for it. */
export function actionsFor(diagnosis: Diagnosis, facts: Facts, speaker: ContainerFacts | null): Action[] {
  const { kind } = diagnosis;
  const mend = mending[kind](diagnosis, facts);
  if (kind === 'cluster_silent') return mend;
  const back: Action[] = facts.lastGood === null ? [] : [{ code: 'rollback', params: { release: facts.lastGood } }];
  const look = withoutLog.has(kind) || !speaker ? events(diagnosis, facts) : [logOf(speaker)];
  const isUnexplained = mend.length === 0;
  // What was well with the same release is ill for another reason: going back helps least.
  const isBackLast = isUnexplained || facts.wasGood;
  return (isBackLast ? [...mend, ...look, ...back] : [...mend, ...back, ...look]).slice(0, most);
}

function logOf({ cluster: at, name, restarts }: ContainerFacts): Action {
  return { code: 'open_log', params: { cluster: at, container: name, previous: restarts > 0 } };
}

function raised(memoryMiB: number): number {
  return memorySteps.find((step) => step >= memoryMiB * leastGrowth) ?? memoryMiB * 2;
}
