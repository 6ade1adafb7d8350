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
  const wait = (cause: string, reason: string): Verdict => ({ phase: 'joining', cause, reason });
  const { last, watch } = seen;
  if (!last) return wait('not_probed', 'waits for the first look at its API server');
  if (!isGood(last)) return wait(`probe_${last.kind}`, probeText(seen));
  if (!watch || watch.watch === 'connecting') return wait('watch_connecting', 'answers; ipaas has not connected yet');
  if (watch.watch === 'denied') return wait('watch_denied', 'answers, but refuses the credential of the platform');
  if (!seen.epochMatches) return wait('older_epoch', `answers; ipaas still watches it under epoch ${watch.epoch}`);
  if (seen.watchLiveForMs < 0) return wait('watch_stale', `answers, but ${watchText(seen)}`);
  return watch.hasCapacity ? ready(seen) : wait('no_capacity', 'answers, but its capacity is not known yet');
}

function suspicion(seen: Seen): Verdict | null {
  const suspect = (cause: string): Verdict => ({
    phase: 'suspect',
    cause,
    reason: `${probeText(seen)}; ${watchText(seen)}`,
  });
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
  return { phase: 'ready', cause: 'well', reason: `${probeText(seen)}; ${watchText(seen)}` };
}

function dead(seen: Seen): Verdict {
  return { phase: 'dead', cause: 'silent', reason: `${probeText(seen)}; ${watchText(seen)}` };
}

function quarantined(seen: Seen, deadForMs: number): Verdict {
  const reason = `${probeText(seen)}, after ${seconds(deadForMs)} as lost; waits to be readmitted`;
  return { phase: 'quarantined', cause: 'came_back', reason };
}

function probeText({ last, badLooks, badForMs }: Seen): string {
  if (!last) return 'nobody looked at its API server lately';
  if (isGood(last)) return `answers in ${last.latencyMs} ms`;
  const since = badLooks > 1 ? ` for ${badLooks} looks in ${seconds(badForMs)}` : '';
  const what = {
    unhealthy: 'is not healthy',
    tls: 'shows a wrong certificate',
    unreachable: 'does not answer',
  } as const;
  return `${what[last.kind as keyof typeof what]}${since}${last.detail ? ` (${last.detail.slice(0, 300)})` : ''}`;
}

function watchText({ watch, heardAgoMs }: Seen): string {
  if (!watch) return 'no report of its watch';
  const heard = Number.isFinite(heardAgoMs) ? `, last heard ${seconds(heardAgoMs)} ago` : ', never heard';
  return `watch ${watch.watch}${heard}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
