import type { ClusterPhase } from '@berth/contracts';
/** One look at `/readyz` without a credential. */
export interface ProbeResult {
    readonly at: Date;
    readonly kind: 'ok' | 'unauthorized_but_reachable' | 'unhealthy' | 'tls' | 'unreachable';
    readonly latencyMs: number;
    readonly detail: string | null;
}
/** What ipaas last reported about its watch of the cluster. */
export interface WatchReport {
    readonly watch: 'connecting' | 'live' | 'stale' | 'denied';
    /** Since when `watch` has had this value. */
    readonly since: Date;
    readonly heardAt: Date | null;
    /** Epoch of the registration under which it watches. */
    readonly epoch: number;
    readonly hasCapacity: boolean;
}
/** Where the cluster stands now. */
export interface Standing {
    readonly phase: ClusterPhase;
    /** Code of why; a new record is said only when phase or cause changes. */
    readonly cause: string;
    readonly since: Date;
    readonly epoch: number;
}
export interface Evidence {
    /** Oldest first; about the last minute is enough. */
    readonly probes: readonly ProbeResult[];
    readonly watch: WatchReport | null;
}
export interface Verdict {
    readonly phase: ClusterPhase;
    readonly cause: string;
    /** For people, with the proof. */
    readonly reason: string;
}
export declare const healthTimes: {
    /** A look older than this says nothing: then nobody looked, and silence is ours. */
    readonly lookValidMs: 8000;
    /** Bad looks for this long, and so many of them, make a ready cluster suspect. */
    readonly suspectAfterMs: 4000;
    readonly suspectAfterLooks: 3;
    /** No answer for this long, and a watch as silent as below, is death. */
    readonly deadAfterMs: 10000;
    readonly watchSilentMs: 15000;
    /** ipaas itself says when a watch is stale; a report that nobody renews for this long counts as stale too. */
    readonly reportLostMs: 60000;
    /** A suspect must be well, on both counts, for this long before it takes placements again. */
    readonly wellAgainMs: 10000;
    /** Good looks for this long bring a dead cluster back, into quarantine. */
    readonly backAfterMs: 4000;
};
/**
 * Phase of a cluster from what was seen. Null when phase and cause stay as they are. Pure; two independent witnesses (our
 * probe, ipaas's watch), and every way back is slower than the way there, so that nothing flaps:
 * joining → ready ⇄ suspect → dead → quarantined, which only a readmission ends.
 */
export declare function judge(standing: Standing, evidence: Evidence, now: Date): Verdict | null;
//# sourceMappingURL=health.d.ts.map