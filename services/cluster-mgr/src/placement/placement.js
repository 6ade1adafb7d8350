import { parseServiceKey, } from '@berth/contracts';
import { requestOf } from '@berth/engines/sizing';
/**
 * What a request for a placement means, before the split is known: the placement as it would be, or why there is none.
 * - `stale`: a newer spec version has been asked for already; nobody waits for the answer.
 * - `unknown_service`: the first request must say total and policy.
 */
export function asAsked(existing, asked) {
    const sized = { specVersion: asked.specVersion, size: asked.size };
    if (!existing || existing.uid !== asked.uid) {
        if (!asked.initial)
            return 'unknown_service';
        const { replicas: total, policy } = asked.initial;
        const { key, uid } = asked;
        const start = { generation: 0, assignments: [], serviceState: null, settledGeneration: 0 };
        return { key, uid, total, stopped: false, policy, live: sized, candidate: null, ...start };
    }
    const newest = existing.candidate?.specVersion ?? existing.live.specVersion;
    if (asked.specVersion < newest)
        return 'stale';
    if (asked.specVersion === existing.live.specVersion)
        return { ...existing, live: sized };
    const generation = existing.generation + 1;
    const before = existing.candidate?.before ?? existing.assignments;
    return { ...existing, candidate: { ...sized, generation, before } };
}
/**
 * The placement with the split that was decided. A split that is not the candidate's own (scale, start, stop) is also the
 * one to go back to when the candidate is dropped.
 */
export function decided(placement, assignments, isForCandidate) {
    const { candidate } = placement;
    const kept = candidate && !isForCandidate ? { ...candidate, before: assignments } : candidate;
    return { ...placement, generation: placement.generation + 1, assignments, candidate: kept };
}
/**
 * Takes in what ipaas says. A candidate is the live one when its generation has settled and its size is what serves: a
 * roll-out that failed and was halted settles too, with the old containers. Without a candidate the size that serves is
 * what counts, so that a failed release that comes to life later is reserved for.
 */
export function settled(placement, { specVersion, settledGeneration, size }) {
    const { candidate, live } = placement;
    if (!size)
        return placement;
    if (!candidate)
        return isSameSize(size, live.size) ? placement : { ...placement, live: { ...live, size } };
    const isReached = settledGeneration >= candidate.generation && specVersion >= candidate.specVersion;
    if (!isReached || !isSameSize(size, candidate.size))
        return placement;
    return { ...placement, live: sizedOf(candidate), candidate: null };
}
/**
 * Gives back what was reserved for a spec version. The candidate's: back to the split before it. The live one's while a
 * candidate is on its way: the candidate takes its place. Anything else holds nothing; null.
 */
export function withoutSpec(placement, specVersion) {
    const { candidate, live } = placement;
    if (!candidate)
        return null;
    if (specVersion === live.specVersion)
        return { ...placement, live: sizedOf(candidate), candidate: null };
    if (specVersion !== candidate.specVersion)
        return null;
    const dropped = { ...placement, candidate: null };
    if (isSameSplit(candidate.before, placement.assignments))
        return dropped;
    return {
        ...dropped,
        generation: placement.generation + 1,
        assignments: backTo(candidate.before, placement.assignments),
    };
}
/** A readmitted cluster has a new epoch: what runs there must be claimed anew. Null when nothing is there. */
export function withEpoch(placement, cluster, epoch) {
    if (!placement.assignments.some((row) => row.cluster === cluster))
        return null;
    const renew = (row) => (row.cluster === cluster ? { ...row, epoch } : row);
    const { candidate } = placement;
    return {
        ...placement,
        generation: placement.generation + 1,
        assignments: placement.assignments.map(renew),
        candidate: candidate && { ...candidate, before: candidate.before.map(renew) },
    };
}
/** By cluster: the larger of what the live one holds and what the candidate will. */
export function reservationsOf(placement) {
    const { environment } = parseServiceKey(placement.key);
    const { live, candidate, assignments } = placement;
    const held = candidate
        ? [
            ...claims(candidate.before, requestOf(live.size, environment)),
            ...claims(assignments, requestOf(candidate.size, environment)),
        ]
        : claims(assignments, requestOf(live.size, environment));
    const byCluster = new Map();
    for (const claim of held)
        byCluster.set(claim.cluster, larger(claim, byCluster.get(claim.cluster)));
    return [...byCluster.values()].filter(({ pods }) => pods > 0);
}
export function placedOf(placement) {
    const { key, uid, generation, total, stopped, policy, assignments, candidate, live } = placement;
    const { specVersion } = candidate ?? live;
    return { key, uid, specVersion, generation, total, stopped, policy, assignments: [...assignments] };
}
/** `beijing 2, shanghai 2`, for the step of an operation. */
export function splitText(assignments) {
    return assignments
        .map(({ cluster, replicas }) => `${cluster} ${replicas}`)
        .join(', ')
        .slice(0, 500);
}
function sizedOf({ specVersion, size }) {
    return { specVersion, size };
}
function isSameSize(a, b) {
    return a.cpuMillis === b.cpuMillis && a.memoryMiB === b.memoryMiB;
}
function claims(rows, one) {
    return rows.map(({ cluster, replicas }) => ({
        cluster,
        pods: replicas,
        cpuMillis: replicas * one.cpuMillis,
        memoryMiB: replicas * one.memoryMiB,
    }));
}
function larger(a, b = a) {
    return {
        cluster: a.cluster,
        pods: Math.max(a.pods, b.pods),
        cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
        memoryMiB: Math.max(a.memoryMiB, b.memoryMiB),
    };
}
function isSameSplit(a, b) {
    const text = (rows) => rows
        .filter(({ replicas }) => replicas > 0)
        .map(({ cluster, replicas }) => `${cluster}=${replicas}`)
        .sort()
        .join();
    return text(a) === text(b);
}
/** The earlier split, with a row of 0 for every cluster that only the later one used. */
function backTo(before, now) {
    const left = now.filter(({ cluster }) => !before.some((row) => row.cluster === cluster));
    return [...before, ...left.map((row) => ({ ...row, replicas: 0, reason: { code: 'leaves' } }))];
}
//# sourceMappingURL=placement.js.map