import { problemOf } from '@berth/api';
import { parseServiceKey } from '@berth/contracts';
import { place, } from '@berth/engines/scheduler';
import { requestOf, requestRatioOf } from '@berth/engines/sizing';
const none = { cpuMillis: 0, memoryMiB: 0, pods: 0 };
/**
 * What a placement wishes for. A candidate is placed by its own size: what runs is counted beside it. Any other change is
 * placed by the larger of live and candidate, because either may run in the end.
 */
export function wishOf(placement, isForCandidate) {
    const { key, total, stopped, policy, live, candidate } = placement;
    const size = candidate?.size ?? live.size;
    return {
        environment: parseServiceKey(key).environment,
        size: isForCandidate ? size : largerOf(live.size, size),
        replicas: stopped ? 0 : total,
        policy,
        current: currentOf(placement),
    };
}
/** Replicas by cluster as they are assigned. */
export function currentOf({ assignments }) {
    return Object.fromEntries(assignments.map(({ cluster, replicas }) => [cluster, replicas]));
}
function largerOf(a, b) {
    return { cpuMillis: Math.max(a.cpuMillis, b.cpuMillis), memoryMiB: Math.max(a.memoryMiB, b.memoryMiB) };
}
/** Asks the scheduler. Nothing but this function turns rows into its input, so preview and decision cannot differ. */
export function split(wish, rooms) {
    const { mode, clusters, minPerCluster } = wish.policy;
    const chosen = isForAny(wish.policy) ? {} : { clusters };
    const workload = {
        size: wish.size,
        requestRatio: requestRatioOf(wish.environment),
        replicas: wish.replicas,
        current: wish.current,
    };
    return place(workload, rooms.map(candidateOf), { mode, minPerCluster, ...chosen });
}
/** Whether the policy lets the cluster be used. */
export function isChosen(cluster, policy) {
    return isForAny(policy) || policy.clusters.includes(cluster);
}
/** An empty list means "any" when spreading; the scheduler would read it as "none of them". */
function isForAny({ mode, clusters }) {
    return mode === 'spread' && clusters.length === 0;
}
/** The scheduler's rows as the contract has them, each with the epoch of its cluster. */
export function assignmentsOf(split, rooms) {
    const epochs = new Map(rooms.map(({ cluster }) => [cluster.name, cluster.epoch]));
    return split.assignments.map(({ cluster, replicas, reason }) => ({
        cluster,
        replicas,
        epoch: epochs.get(cluster) ?? 1,
        reason: { code: reason.code, params: { ...reason.params } },
    }));
}
/** Why there is no room, cluster by cluster. */
export function noRoomProblem(wish, reasons) {
    if (reasons.length === 0)
        return problemOf('no_cluster', { environment: wish.environment });
    const request = requestOf(wish.size, wish.environment);
    return problemOf('no_capacity', { replicas: wish.replicas, ...request }, {
        errors: reasons.map(({ cluster, code, params }) => ({
            path: cluster,
            code,
            message: sentence(code, params),
            params: { ...params },
        })),
    });
}
function sentence(code, { phase, asked, free, fits }) {
    const beside = fits === undefined ? '' : ` beside the ${fits} that fit`;
    switch (code) {
        case 'not_eligible':
            return 'The environment may not use this cluster.';
        case 'not_chosen':
            return 'The policy does not choose this cluster.';
        case 'not_ready':
            return `The cluster is ${phase}; it takes nothing new.`;
        case 'too_little_cpu':
            return `One more container asks ${asked}m CPU; ${free}m are free${beside}.`;
        case 'too_little_memory':
            return `One more container asks ${asked} MiB; ${free} MiB are free${beside}.`;
        case 'too_few_pods':
            return `The cluster takes no more containers${beside}.`;
        case 'no_node_fits':
            return `One container asks ${asked}; the emptiest node has ${free}.`;
        case 'below_minimum':
            return `The policy asks for at least ${asked} there; ${free} would be possible.`;
        case 'unknown_cluster':
            return 'There is no cluster of this name.';
    }
}
/** A cluster as the scheduler takes it. */
export function candidateOf({ cluster, seen, reserved }) {
    const node = largestFreeNode(seen);
    return {
        name: cluster.name,
        phase: cluster.phase,
        eligible: true,
        allocatable: seen?.allocatable ?? none,
        reserved,
        foreign: seen?.foreign ?? none,
        site: cluster.site,
        ...(node && { largestFreeNode: node }),
    };
}
/** With one node the sums say it all, and say it sooner: what runs on nodes is seen a little late. */
function largestFreeNode(seen) {
    if (!seen || seen.nodes.length < 2)
        return null;
    const free = seen.nodes
        .filter(({ ready, schedulable }) => ready && schedulable)
        .map(({ allocatable, requested }) => ({
        cpuMillis: Math.max(0, allocatable.cpuMillis - requested.cpuMillis),
        memoryMiB: Math.max(0, allocatable.memoryMiB - requested.memoryMiB),
    }));
    return (free.sort((a, b) => b.cpuMillis - a.cpuMillis || b.memoryMiB - a.memoryMiB)[0] ?? { cpuMillis: 0, memoryMiB: 0 });
}
//# sourceMappingURL=room.js.map