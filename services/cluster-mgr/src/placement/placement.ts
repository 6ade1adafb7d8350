import {
  parseServiceKey,
  type Assignment,
  type DataOf,
  type PlacedData,
  type PlacementPolicy,
  type placeService,
  type Size,
  type StepShare,
} from '@berth/contracts';
import { requestOf } from '@berth/engines/sizing';
import { firstHalf, type Move } from './move.js';

/** A spec version with the size of its containers. */
export interface Sized {
  readonly specVersion: number;
  readonly size: Size;
}

/** An upgrade on its way: until it has settled, old and new containers both count. */
export interface Candidate extends Sized {
  /** First generation that is about this spec version. */
  readonly generation: number;
  /** The split to go back to when the candidate is dropped. */
  readonly before: readonly Assignment[];
  /** The move that was on its way, to go on with when the candidate is dropped. */
  readonly moving?: Move | null;
}

/** Where a service runs, with the total that is its own and outlives stops and releases. */
export interface Placement {
  readonly key: string;
  readonly uid: string;
  readonly generation: number;
  readonly total: number;
  readonly stopped: boolean;
  readonly policy: PlacementPolicy;
  readonly live: Sized;
  readonly candidate: Candidate | null;
  readonly assignments: readonly Assignment[];
  /** The assignments are the first half of a move. */
  readonly moving: Move | null;
  /** State of the service as ipaas says it. */
  readonly serviceState: string | null;
  readonly settledGeneration: number;
  /** ipaas says that nothing is written to its clusters. */
  readonly paused: boolean;
}

/** What a placement holds in one cluster. */
export interface Reservation {
  readonly cluster: string;
  readonly pods: number;
  readonly cpuMillis: number;
  readonly memoryMiB: number;
}

type Asked = DataOf<typeof placeService>;

/**
 * What a request for a placement means, before the split is known: the placement as it would be, or why there is none.
 * - `stale`: a newer spec version has been asked for already; nobody waits for the answer.
 * - `unknown_service`: the first request must say total and policy.
 */
export function asAsked(existing: Placement | null, asked: Asked): Placement | 'stale' | 'unknown_service' {
  const sized: Sized = { specVersion: asked.specVersion, size: asked.size };
  if (!existing || existing.uid !== asked.uid) {
    if (!asked.initial) return 'unknown_service';
    const { replicas: total, policy } = asked.initial;
    const { key, uid } = asked;
    const start = {
      generation: 0,
      assignments: [],
      moving: null,
      serviceState: null,
      settledGeneration: 0,
      paused: false,
    };
    return { key, uid, total, stopped: false, policy, live: sized, candidate: null, ...start };
  }
  const newest = existing.candidate?.specVersion ?? existing.live.specVersion;
  if (asked.specVersion < newest) return 'stale';
  if (asked.specVersion === existing.live.specVersion) return { ...existing, live: sized };
  const generation = existing.generation + 1;
  const { before, moving } = existing.candidate ?? { before: existing.assignments, moving: existing.moving };
  return { ...existing, candidate: { ...sized, generation, before, moving: moving ?? null } };
}

/** What is decided: for a candidate, by a change of the user's, or back to what was before one. */
export type Decided = 'candidate' | 'change' | 'back';

/**
 * The placement with the split that was decided, or with the first half of a move to it. A split that is not the
 * candidate's own (scale, start, stop) is also the one to go back to when the candidate is dropped.
 */
export function decided(
  placement: Placement,
  split: readonly Assignment[],
  by: Decided,
  isReady: (cluster: string) => boolean = () => true,
): Placement {
  const { candidate } = placement;
  const generation = placement.generation + 1;
  const circumstances = { isMoving: by !== 'back' && isMoving(placement), isReady };
  const half = mayWait(placement, by) ? firstHalf(placement.assignments, split, circumstances) : null;
  const moving = half && { generation, to: split };
  const assignments = half ?? split;
  const kept = candidate && by !== 'candidate' ? { ...candidate, before: assignments, moving } : candidate;
  return { ...placement, generation, assignments, moving, candidate: kept };
}

const isMoving = ({ moving }: Placement) => moving !== null;

/**
 * A candidate goes on with a move and begins none. One that asks for more has no room where it leaves: there the old
 * containers are reserved for, and not new ones.
 */
function mayWait(placement: Placement, by: Decided): boolean {
  const { candidate, live } = placement;
  if (by !== 'candidate' || !candidate) return true;
  const isLarger = candidate.size.cpuMillis > live.size.cpuMillis || candidate.size.memoryMiB > live.size.memoryMiB;
  return isMoving(placement) && !isLarger;
}

/** The second half of a move, when the first has settled; null while there is nothing to go on with. */
export function moved(placement: Placement): Placement | null {
  const { moving, candidate, settledGeneration } = placement;
  if (!moving || settledGeneration < moving.generation) return null;
  const { to: assignments } = moving;
  const kept = candidate && { ...candidate, before: assignments, moving: null };
  return { ...placement, generation: placement.generation + 1, assignments, moving: null, candidate: kept };
}

/** What ipaas says of a service that matters here. */
export interface Said {
  readonly specVersion: number;
  readonly settledGeneration: number;
  /** Of the release that serves. */
  readonly size: Size | null;
}

/**
 * Takes in what ipaas says. A candidate is the live one when its generation has settled and its size is what serves: a
 * roll-out that failed and was halted settles too, with the old containers. Without a candidate the size that serves is
 * what counts, so that a failed release that comes to life later is reserved for.
 */
export function settled(placement: Placement, { specVersion, settledGeneration, size }: Said): Placement {
  const { candidate, live } = placement;
  if (!size) return placement;
  if (!candidate) return isSameSize(size, live.size) ? placement : { ...placement, live: { ...live, size } };
  const isReached = settledGeneration >= candidate.generation && specVersion >= candidate.specVersion;
  if (!isReached || !isSameSize(size, candidate.size)) return placement;
  return { ...placement, live: sizedOf(candidate), candidate: null };
}

/**
 * Gives back what was reserved for a spec version. The candidate's: back to the split before it. The live one's while a
 * candidate is on its way: the candidate takes its place. Anything else holds nothing; null.
 */
export function withoutSpec(placement: Placement, specVersion: number): Placement | null {
  const { candidate, live } = placement;
  if (!candidate) return null;
  if (specVersion === live.specVersion) return { ...placement, live: sizedOf(candidate), candidate: null };
  if (specVersion !== candidate.specVersion) return null;
  const moving = candidate.moving ?? null;
  const dropped = { ...placement, candidate: null, moving };
  if (isSameSplit(candidate.before, placement.assignments)) return dropped;
  return {
    ...dropped,
    generation: placement.generation + 1,
    moving: moving && { ...moving, generation: placement.generation + 1 },
    assignments: backTo(candidate.before, placement.assignments),
  };
}

/** A readmitted cluster has a new epoch: what runs there must be claimed anew. Null when nothing is there. */
export function withEpoch(placement: Placement, cluster: string, epoch: number): Placement | null {
  if (!placement.assignments.some((row) => row.cluster === cluster)) return null;
  const renew = (row: Assignment) => (row.cluster === cluster ? { ...row, epoch } : row);
  const { candidate, moving } = placement;
  return {
    ...placement,
    generation: placement.generation + 1,
    assignments: placement.assignments.map(renew),
    moving: moving && { generation: placement.generation + 1, to: moving.to.map(renew) },
    candidate: candidate && { ...candidate, before: candidate.before.map(renew) },
  };
}

/** By cluster: the larger of what the live one holds and what the candidate will. */
export function reservationsOf(placement: Placement): Reservation[] {
  const { environment } = parseServiceKey(placement.key);
  const { live, candidate, assignments } = placement;
  const held = candidate
    ? [
        ...claims(candidate.before, requestOf(live.size, environment)),
        ...claims(assignments, requestOf(candidate.size, environment)),
      ]
    : claims(assignments, requestOf(live.size, environment));
  const byCluster = new Map<string, Reservation>();
  for (const claim of held) byCluster.set(claim.cluster, larger(claim, byCluster.get(claim.cluster)));
  return [...byCluster.values()].filter(({ pods }) => pods > 0);
}

export function placedOf(placement: Placement): PlacedData {
  const { key, uid, generation, total, stopped, policy, assignments, candidate, live, moving } = placement;
  const { specVersion } = candidate ?? live;
  const said = { key, uid, specVersion, generation, total, stopped, policy, assignments: [...assignments] };
  return moving ? { ...said, moving: true } : said;
}

/** `beijing 2, shanghai 2`, for the step of an operation. */
export function splitText(assignments: readonly Assignment[]): string {
  return assignments
    .map(({ cluster, replicas }) => `${cluster} ${replicas}`)
    .join(', ')
    .slice(0, 500);
}

/** The split as a step of an operation shows it, with the reason of each share. */
export function sharesOf(assignments: readonly Assignment[]): StepShare[] {
  return assignments.map(({ cluster, replicas, reason }) => ({ cluster, replicas, reason }));
}

function sizedOf({ specVersion, size }: Sized): Sized {
  return { specVersion, size };
}

function isSameSize(a: Size, b: Size): boolean {
  return a.cpuMillis === b.cpuMillis && a.memoryMiB === b.memoryMiB;
}

function claims(rows: readonly Assignment[], one: Size): Reservation[] {
  return rows.map(({ cluster, replicas }) => ({
    cluster,
    pods: replicas,
    cpuMillis: replicas * one.cpuMillis,
    memoryMiB: replicas * one.memoryMiB,
  }));
}

function larger(a: Reservation, b: Reservation = a): Reservation {
  return {
    cluster: a.cluster,
    pods: Math.max(a.pods, b.pods),
    cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
    memoryMiB: Math.max(a.memoryMiB, b.memoryMiB),
  };
}

function isSameSplit(a: readonly Assignment[], b: readonly Assignment[]): boolean {
  const text = (rows: readonly Assignment[]) =>
    rows
      .filter(({ replicas }) => replicas > 0)
      .map(({ cluster, replicas }) => `${cluster}=${replicas}`)
      .sort()
      .join();
  return text(a) === text(b);
}

/** The earlier split, with a row of 0 for every cluster that only the later one used. */
function backTo(before: readonly Assignment[], now: readonly Assignment[]): Assignment[] {
  const left = now.filter(({ cluster }) => !before.some((row) => row.cluster === cluster));
  return [...before, ...left.map((row) => ({ ...row, replicas: 0, reason: { code: 'leaves' } }))];
}
