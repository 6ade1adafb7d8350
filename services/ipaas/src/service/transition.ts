import { missing, problemOf } from '@berth/api';
import type { PlacedData, Problem } from '@berth/contracts';
import { isHalted, makesRelease, type RunningOperation, type Service, type Target } from './service.js';

/**
 * What a command does to a service (PORTAL §4 Operation): a newer change supersedes its like, a delete supersedes all, a
 * restart waits for what runs. `supersedes` are operation ids.
 */
export type Decision =
  | { readonly kind: 'refuse'; readonly problem: Problem }
  | { readonly kind: 'wait' }
  | { readonly kind: 'go'; readonly supersedes: readonly string[] };

type Operations = readonly RunningOperation[];

/** First deploy: the key must be free. A service that is being deleted still holds it. */
export function decideDeploy(existing: Service | null): Decision {
  if (!existing) return { kind: 'go', supersedes: [] };
  return refuse(
    existing.deleting
      ? problemOf('service_deleting')
      : problemOf('name_taken', { service: existing.code, scope: `${existing.project}/${existing.environment}` }),
  );
}

/**
 * Upgrade and rollback. A change that still waits for its placement gives way at once; one that rolls out gives way only
 * when the newer one has its placement, because the newer one may yet be refused for want of room.
 */
export function decideChange(
  service: Service | null,
  command: { readonly key: string; readonly uid: string; readonly ifVersion: number },
  operations: Operations,
): Decision {
  const gone = refusalOfAny(service, command);
  if (gone) return gone;
  const current = (service as Service).specVersion;
  if (command.ifVersion !== current) return refuse(problemOf('stale_version', { seen: command.ifVersion, current }));
  const placing = operations.filter((operation) => makesRelease(operation) && operation.phase === 'placing');
  return { kind: 'go', supersedes: placing.map(({ id }) => id) };
}

/** Restart: waits behind any change or restart that runs; there must be something that serves. */
export function decideRestart(
  service: Service | null,
  command: { readonly key: string; readonly uid: string },
  operations: Operations,
  targets: readonly Target[],
): Decision {
  const gone = refusalOfAny(service, command);
  if (gone) return gone;
  if (operations.some((operation) => operation.conductor === 'ipaas')) return { kind: 'wait' };
  const problem = whyNoRestart(service as Service, targets);
  return problem ? refuse(problem) : { kind: 'go', supersedes: [] };
}

/** Why a restart has nothing to act on, or null. Asked again when a restart that waited gets its turn. */
export function whyNoRestart(service: Service, targets: readonly Target[]): Problem | null {
  const nothing = (why: string, reason: string) => problemOf('nothing_to_do', { why, reason });
  if (service.placement?.stopped)
    return nothing('restart_stopped', 'The service is stopped, so there is no container to restart.');
  if (service.targetRelease === null) return nothing('restart_nothing', 'The service has no container yet.');
  if (isHalted(targets))
    return nothing('restart_halted', 'The last roll-out failed and stands still; upgrade or roll back instead.');
  return null;
}

/** Pause: not in the middle of a change, which would then never end. */
export function decidePause(
  service: Service | null,
  command: { readonly key: string; readonly uid: string },
  operations: Operations,
): Decision {
  const gone = refusalOfAny(service, command);
  if (gone) return gone;
  if (operations.length > 0) return refuse(problemOf('operation_running'));
  return { kind: 'go', supersedes: [] };
}

export function decideResume(
  service: Service | null,
  command: { readonly key: string; readonly uid: string },
): Decision {
  const gone = refusalOf(service, command);
  if (gone) return gone;
  if (!service?.pause)
    return refuse(problemOf('nothing_to_do', { why: 'not_paused', reason: 'The service is not paused.' }));
  return { kind: 'go', supersedes: [] };
}

/** Delete: also of a paused service; ends everything that we conduct; cluster-mgr ends its own when it is told to forget the service. */
export function decideDelete(
  service: Service | null,
  command: { readonly key: string; readonly uid: string },
  operations: Operations,
): Decision {
  const gone = refusalOf(service, command);
  if (gone) return gone;
  return { kind: 'go', supersedes: operations.filter(({ conductor }) => conductor === 'ipaas').map(({ id }) => id) };
}

/** What a placement does: `promote` makes the candidate the target, `adjust` only changes replicas and epochs. */
export type PlacedDecision =
  | { readonly kind: 'ignore'; readonly why: string }
  | { readonly kind: 'promote'; readonly release: number; readonly supersedes: readonly string[] }
  | { readonly kind: 'adjust' };

/**
 * Reads a placement. `candidateVersion` is the spec version of the candidate. Only a higher generation is ever applied
 * (DESIGN §2.9), and that is the only fence: cluster-mgr hears later than we what became of a release, so a placement
 * that names any other spec than the candidate's still says where and how many, and no more than that.
 */
export function decidePlaced(
  service: Service | null,
  placed: Pick<PlacedData, 'uid' | 'specVersion' | 'generation'>,
  candidateVersion: number | null,
  operations: Operations,
): PlacedDecision {
  if (!service || service.uid !== placed.uid) return { kind: 'ignore', why: 'another incarnation' };
  if (service.deleting) return { kind: 'ignore', why: 'deleting' };
  if (placed.generation <= service.generation) return { kind: 'ignore', why: 'an older generation' };
  if (service.candidateRelease !== null && placed.specVersion === candidateVersion) {
    const release = service.candidateRelease;
    const rolling = operations.filter(
      (operation) => makesRelease(operation) && isInClusters(operation) && operation.release !== release,
    );
    return { kind: 'promote', release, supersedes: rolling.map(({ id }) => id) };
  }
  if (service.targetRelease !== null) return { kind: 'adjust' };
  return { kind: 'ignore', why: 'a spec that nobody waits for' };
}

/**
 * The targets after a placement: one for each assignment. A cluster that the service leaves, or that is no longer named,
 * is emptied; while the service is stopped no cluster needs to be named, and each keeps its objects with 0 replicas.
 */
export function targetsAfter(
  present: readonly Target[],
  placed: Pick<PlacedData, 'assignments' | 'generation' | 'stopped'>,
  what: { readonly release: number; readonly restartToken: string | null; readonly promotes: boolean },
): Target[] {
  const { generation, stopped } = placed;
  const { release, restartToken, promotes } = what;
  const common = { generation, release, restartToken, halted: promotes ? false : isHalted(present) };
  const assigned = placed.assignments.map(({ cluster, replicas, epoch, reason }): Target => {
    const phase = replicas === 0 && reason.code === 'leaves' ? 'remove' : 'run';
    return { cluster, replicas, epoch, ...common, phase };
  });
  const named = new Set(assigned.map(({ cluster }) => cluster));
  const unnamed = present.filter(({ cluster }) => !named.has(cluster));
  const left = unnamed.map((target): Target => {
    const stays = stopped && target.phase === 'run';
    return stays ? { ...target, ...common, replicas: 0 } : { ...target, generation, replicas: 0, phase: 'remove' };
  });
  return [...assigned, ...left];
}

const isInClusters = ({ phase }: RunningOperation) => phase === 'rolling' || phase === 'cancelling';

function refuse(problem: Problem): Decision {
  return { kind: 'refuse', problem };
}

/** Refusals that hold for every change of a service that must exist: one that is paused is only resumed or deleted. */
function refusalOfAny(service: Service | null, command: { key: string; uid: string }): Decision | null {
  return refusalOf(service, command) ?? (service?.pause ? refuse(problemOf('service_paused')) : null);
}

function refusalOf(service: Service | null, command: { key: string; uid: string }): Decision | null {
  if (!service || service.uid !== command.uid) return refuse(problemOf('not_found', missing('service', command.key)));
  return service.deleting ? refuse(problemOf('service_deleting')) : null;
}
