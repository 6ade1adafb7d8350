import type { ClusterPhase } from '@berth/contracts';
import type { Proof } from './proof.js';

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
  readonly proof: readonly Proof[];
}

export const healthTimes = {
  /** A look older than this says nothing: then nobody looked, and silence is ours. */
  lookValidMs: 8_000,
  /** Bad looks for this long, and so many of them, make a ready cluster suspect. */
  suspectAfterMs: 4_000,
  suspectAfterLooks: 3,
  /** No answer for this long, and a watch as silent as below, is death. */
  deadAfterMs: 10_000,
  watchSilentMs: 15_000,
  /**
   * ipaas itself says when a watch is stale; a report that nobody renews for this long counts as stale too. Longer than
   * the bus may be away and its consumers take to come back: that silence is not the cluster's.
   */
  reportLostMs: 120_000,
  /** A suspect must be well, on both counts, for this long before it takes placements again. */
  wellAgainMs: 10_000,
  /** Good looks for this long bring a dead cluster back, into quarantine. */
  backAfterMs: 4_000,
} as const;

/**
 * Phase of a cluster from what was seen. Null when phase and cause stay as they are. Pure; two independent witnesses (our
 * probe, ipaas's watch), and every way back is slower than the way there, so that nothing flaps:
 * joining → ready ⇄ suspect → dead → quarantined, which only a readmission ends.
 */
export function judge(standing: Standing, evidence: Evidence, now: Date): Verdict | null {
  const verdict = verdictOf(standing, look(evidence, standing.epoch, now), now);
  return verdict && (verdict.phase !== standing.phase || verdict.cause !== standing.cause) ? verdict : null;
}

function verdictOf(standing: Standing, seen: Seen, now: Date): Verdict | null {
  const dwellMs = now.getTime() - standing.since.getTime();
  switch (standing.phase) {
    case 'joining':
      return joining(seen);
    case 'ready':
      return suspicion(seen);
    case 'suspect':
      if (isDead(seen)) return dead(seen);
      return dwellMs >= healthTimes.wellAgainMs && isWellAgain(seen) ? ready(seen) : null;
    case 'dead':
      return seen.goodForMs >= healthTimes.backAfterMs ? quarantined(seen, dwellMs) : null;
    case 'quarantined':
      return isDead(seen) ? dead(seen) : null;
  }
}

/** The evidence in numbers. */
interface Seen {
  readonly last: ProbeResult | null;
  readonly badLooks: number;
  readonly badForMs: number;
  /** Without any answer: an unhealthy cluster answers. */
  readonly silentForMs: number;
  readonly goodForMs: number;
  readonly watch: WatchReport | null;
  readonly epochMatches: boolean;
  readonly heardAgoMs: number;
  readonly watchLiveForMs: number;
  readonly isWatchStale: boolean;
}

function look({ probes, watch }: Evidence, epoch: number, now: Date): Seen {
  const ageMs = (at: Date) => Math.max(0, now.getTime() - at.getTime());
  const last = probes.at(-1);
  const valid = last && ageMs(last.at) <= healthTimes.lookValidMs ? last : null;
  const run = (belongs: (probe: ProbeResult) => boolean) => {
    const end = valid ? probes.length : 0;
    let start = end;
    while (start > 0 && belongs(probes[start - 1] as ProbeResult)) start -= 1;
    return { looks: end - start, forMs: start < end ? ageMs((probes[start] as ProbeResult).at) : 0 };
  };
  const bad = run((probe) => !isGood(probe));
  const heardAgoMs = watch?.heardAt ? ageMs(watch.heardAt) : Number.POSITIVE_INFINITY;
  return {
    last: valid,
    badLooks: bad.looks,
    badForMs: bad.forMs,
    silentForMs: run(isSilent).forMs,
    goodForMs: run(isGood).forMs,
    watch,
    epochMatches: watch?.epoch === epoch,
    heardAgoMs,
    watchLiveForMs: watch?.watch === 'live' && heardAgoMs <= healthTimes.reportLostMs ? ageMs(watch.since) : -1,
    isWatchStale: watch === null || watch.watch === 'stale' || heardAgoMs > healthTimes.reportLostMs,
  };
}

/** 401 and 403 over verified TLS prove that it is there. */
function isGood({ kind }: ProbeResult): boolean {
  return kind === 'ok' || kind === 'unauthorized_but_reachable';
}

/** Somebody with another certificate is not the cluster. */
function isSilent({ kind }: ProbeResult): boolean {
  return kind === 'tls' || kind === 'unreachable';
}

function joining(seen: Seen): Verdict {
  const wait = (cause: string, ...proof: Proof[]): Verdict => ({ phase: 'joining', cause, proof });
  const { last, watch } = seen;
  if (!last) return wait('not_probed', { code: 'not_probed', params: {} });
  const looked = probeProof(seen);
  if (!isGood(last)) return wait(`probe_${last.kind}`, looked);
  if (!watch || watch.watch === 'connecting')
    return wait('watch_connecting', looked, { code: 'not_connected', params: {} });
  if (watch.watch === 'denied') return wait('watch_denied', looked, { code: 'credential_refused', params: {} });
  if (!seen.epochMatches) return wait('older_epoch', looked, { code: 'older_epoch', params: { epoch: watch.epoch } });
  if (seen.watchLiveForMs < 0) return wait('watch_stale', ...proofOf(seen));
  return watch.hasCapacity ? ready(seen) : wait('no_capacity', looked, { code: 'capacity_unknown', params: {} });
}

function suspicion(seen: Seen): Verdict | null {
  const suspect = (cause: string): Verdict => ({ phase: 'suspect', cause, proof: proofOf(seen) });
  if (seen.badLooks >= healthTimes.suspectAfterLooks && seen.badForMs >= healthTimes.suspectAfterMs)
    return suspect('probe_failing');
  if (seen.watch?.watch === 'denied') return suspect('watch_denied');
  return seen.isWatchStale ? suspect('watch_stale') : null;
}

function isDead(seen: Seen): boolean {
  const isWatchSilent = seen.watch?.watch !== 'denied' && seen.heardAgoMs >= healthTimes.watchSilentMs;
  return seen.silentForMs >= healthTimes.deadAfterMs && isWatchSilent;
}

function isWellAgain(seen: Seen): boolean {
  return seen.goodForMs >= healthTimes.wellAgainMs && seen.watchLiveForMs >= healthTimes.wellAgainMs;
}

function ready(seen: Seen): Verdict {
  return { phase: 'ready', cause: 'well', proof: proofOf(seen) };
}

function dead(seen: Seen): Verdict {
  return { phase: 'dead', cause: 'silent', proof: proofOf(seen) };
}

function quarantined(seen: Seen, deadForMs: number): Verdict {
  const lost: Proof = { code: 'was_lost', params: { seconds: seconds(deadForMs) } };
  const proof = [probeProof(seen), lost, { code: 'awaits_readmission', params: {} } as const];
  return { phase: 'quarantined', cause: 'came_back', proof };
}

function proofOf(seen: Seen): Proof[] {
  return [probeProof(seen), ...watchProof(seen)];
}

function probeProof({ last, badLooks, badForMs }: Seen): Proof {
  if (!last) return { code: 'nobody_looked', params: {} };
  const params = { looks: badLooks, seconds: seconds(badForMs), detail: (last.detail ?? '').slice(0, 300) };
  switch (last.kind) {
    case 'ok':
    case 'unauthorized_but_reachable':
      return { code: 'answers', params: { latencyMs: Math.round(last.latencyMs) } };
    case 'unhealthy':
      return { code: 'unhealthy', params };
    case 'tls':
      return { code: 'wrong_certificate', params };
    case 'unreachable':
      return { code: 'no_answer', params };
  }
}

function watchProof({ watch, heardAgoMs }: Seen): Proof[] {
  if (!watch) return [{ code: 'no_report', params: {} }];
  const heard: Proof = Number.isFinite(heardAgoMs)
    ? { code: 'heard', params: { seconds: seconds(heardAgoMs) } }
    : { code: 'never_heard', params: {} };
  return [{ code: `watch_${watch.watch}`, params: {} }, heard];
}

function seconds(ms: number): number {
  return Math.round(ms / 1_000);
}
