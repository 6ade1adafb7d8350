import { nodeShortage, shortages } from './capacity.js';
import type { Candidate } from './filter.js';
import type {
  Assignment,
  AssignmentCode,
  Placed,
  PlacementPolicy,
  PlacementWarning,
  Unplaceable,
  UnplaceableReason,
} from './scheduler.js';
import { freeShare } from './score.js';
import type { Split } from './select.js';

/** Words the split: a row for every cluster that has, had or gets replicas. */
export function assign(
  candidates: readonly Candidate[],
  split: Split,
  replicas: number,
  policy: PlacementPolicy,
): Placed {
  const open = candidates.filter((c) => c.admission === 'open');
  const share = open.length > 0 ? replicas / open.length : 0;
  const rows = candidates.map((candidate) => ({ candidate, count: split.get(candidate.cluster.name) ?? 0 }));
  return {
    kind: 'placed',
    assignments: rows
      .filter(({ candidate, count }) => count > 0 || candidate.current > 0)
      .map(({ candidate, count }) => assignment(candidate, count, codeOf(candidate, count, share, replicas, policy))),
    warnings: rows.filter(({ count }) => count > 0).flatMap(({ candidate, count }) => surgeWarning(candidate, count)),
  };
}

function assignment(candidate: Candidate, replicas: number, code: AssignmentCode): Assignment {
  const freePercent = Math.floor(freeShare(candidate, replicas) * 100 + 1e-9);
  const params = { from: candidate.current, fits: candidate.fits, freePercent };
  return { cluster: candidate.cluster.name, replicas, reason: { code, params } };
}

function codeOf(c: Candidate, count: number, share: number, total: number, policy: PlacementPolicy): AssignmentCode {
  if (total === 0) return 'stopped';
  if (c.admission === 'held') return 'kept';
  if (c.admission !== 'open') return 'leaves';
  if (count < Math.floor(share)) return count === c.fits ? 'at_capacity' : 'kept';
  if (count > Math.ceil(share)) return count <= c.current ? 'kept' : 'takes_overflow';
  return policy.mode === 'pinned' ? 'pinned' : 'even_share';
}

/** One extra pod during a rolling upgrade: no room means that the upgrade waits, not that it is refused. */
function surgeWarning(candidate: Candidate, count: number): PlacementWarning[] {
  if (candidate.admission !== 'open') return [];
  const short =
    shortages(candidate.free, candidate.request, count)[0] ?? nodeShortage(candidate.cluster, candidate.request);
  if (!short) return [];
  const { resource, asked, free } = short;
  return [{ cluster: candidate.cluster.name, code: 'no_room_for_surge', params: { asked, free, resource } }];
}

/** Why the split is short, cluster by cluster. */
export function refuse(candidates: readonly Candidate[], split: Split, policy: PlacementPolicy): Unplaceable {
  const known = new Set(candidates.map((c) => c.cluster.name));
  const unknown = [...new Set(policy.clusters ?? [])].filter((name) => !known.has(name)).sort();
  return {
    kind: 'unplaceable',
    reasons: [
      ...candidates.flatMap((c) => reasonsOf(c, split.get(c.cluster.name) ?? 0, policy.minPerCluster ?? 0)),
      ...unknown.map((cluster) => ({ cluster, code: 'unknown_cluster' as const, params: {} })),
    ],
  };
}

function reasonsOf(candidate: Candidate, count: number, minimum: number): UnplaceableReason[] {
  const { cluster, admission, fits } = candidate;
  if (admission === 'held') return [{ cluster: cluster.name, code: 'not_ready', params: { phase: cluster.phase } }];
  if (admission !== 'open') return [{ cluster: cluster.name, code: admission, params: {} }];

  const codes = { cpu: 'too_little_cpu', memory: 'too_little_memory', pods: 'too_few_pods' } as const;
  // A cluster that is not full is only here for its minimum: no resource is short there.
  const isFull = count >= fits;
  const short = isFull ? shortages(candidate.free, candidate.request, fits) : [];
  const reasons: UnplaceableReason[] = short.map(({ resource, asked, free }) => ({
    cluster: cluster.name,
    code: codes[resource],
    params: { asked, free, fits },
  }));
  const node = isFull && short.length === 0 ? nodeShortage(cluster, candidate.request) : undefined;
  if (node && node.resource !== 'pods') {
    const { asked, free, resource } = node;
    reasons.push({ cluster: cluster.name, code: 'no_node_fits', params: { asked, free, fits, resource } });
  }
  if (count < minimum)
    reasons.push({ cluster: cluster.name, code: 'below_minimum', params: { asked: minimum, free: count } });
  return reasons;
}
