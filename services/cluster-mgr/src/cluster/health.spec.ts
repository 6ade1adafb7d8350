import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { healthTimes, judge, type Evidence, type ProbeResult, type Standing, type WatchReport } from './health.js';
import { proofText } from './proof.js';

const start = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number) => new Date(start + seconds * 1_000);

function probe(seconds: number, kind: ProbeResult['kind'] = 'ok'): ProbeResult {
  return { at: at(seconds), kind, latencyMs: 12, detail: kind === 'unreachable' ? 'connect ECONNREFUSED' : null };
}
/** Looks every 2 s, oldest first, the last one at `until`. */
function looks(until: number, kinds: ProbeResult['kind'][]): ProbeResult[] {
  return kinds.map((kind, index) => probe(until - 2 * (kinds.length - 1 - index), kind));
}
const times = (count: number, kind: ProbeResult['kind']) => Array.from({ length: count }, () => kind);
function watch(heardAt: number | null, report: Partial<WatchReport> = {}): WatchReport {
  const heard = heardAt === null ? null : at(heardAt);
  return { watch: 'live', since: at(-1_000), heardAt: heard, epoch: 1, hasCapacity: true, ...report };
}
function standing(phase: Standing['phase'], since = -1_000): Standing {
  return { phase, cause: 'before', since: at(since), epoch: 1 };
}
const judged = (from: Standing, evidence: Evidence, now: number) => judge(from, evidence, at(now))?.phase ?? from.phase;

describe('a joining cluster', () => {
  const joining = standing('joining', 90);
  test.each<[string, Evidence, string, string]>([
    ['waits for the first look', { probes: [], watch: null }, 'joining', 'not_probed'],
    ['says that nothing answers', { probes: [probe(99, 'unreachable')], watch: null }, 'joining', 'probe_unreachable'],
    ['says that the certificate is another', { probes: [probe(99, 'tls')], watch: null }, 'joining', 'probe_tls'],
    ['waits for the watch', { probes: [probe(99)], watch: null }, 'joining', 'watch_connecting'],
    [
      'says that its credential is refused',
      { probes: [probe(99)], watch: watch(null, { watch: 'denied' }) },
      'joining',
      'watch_denied',
    ],
    [
      'waits to be watched under its epoch',
      { probes: [probe(99)], watch: watch(99, { epoch: 7 }) },
      'joining',
      'older_epoch',
    ],
    [
      'waits for its capacity',
      { probes: [probe(99)], watch: watch(99, { hasCapacity: false }) },
      'joining',
      'no_capacity',
    ],
    ['is ready when probe and watch are well', { probes: [probe(99)], watch: watch(99) }, 'ready', 'well'],
    [
      'is ready when it answers 401 over verified TLS',
      { probes: [probe(99, 'unauthorized_but_reachable')], watch: watch(99) },
      'ready',
      'well',
    ],
  ])('%s', (_, evidence, phase, cause) => {
    expect(judge(joining, evidence, at(100))).toMatchObject({ phase, cause });
  });

  test('says nothing again while the cause is the same', () => {
    expect(judge({ ...joining, cause: 'not_probed' }, { probes: [], watch: null }, at(100))).toBeNull();
  });
});

describe('a ready cluster', () => {
  test.each<[string, Evidence, string]>([
    [
      'stays ready at 2 missed looks',
      { probes: looks(100, ['ok', ...times(2, 'unreachable')]), watch: watch(98) },
      'ready',
    ],
    [
      'is suspect at 3 missed looks in 4 s',
      { probes: looks(100, ['ok', ...times(3, 'unreachable')]), watch: watch(98) },
      'suspect',
    ],
    [
      'is suspect when it answers that it is not healthy, 3 times',
      { probes: looks(100, ['ok', ...times(3, 'unhealthy')]), watch: watch(98) },
      'suspect',
    ],
    [
      'is suspect when ipaas says that its watch is stale',
      { probes: looks(100, times(5, 'ok')), watch: watch(80, { watch: 'stale' }) },
      'suspect',
    ],
    [
      'stays ready when ipaas has been silent for 90 s, as while the bus is away',
      { probes: looks(100, times(5, 'ok')), watch: watch(10) },
      'ready',
    ],
    [
      'stays ready while ipaas connects anew, as after its restart',
      { probes: looks(100, times(5, 'ok')), watch: watch(70, { watch: 'connecting', since: at(99) }) },
      'ready',
    ],
    [
      'is suspect when ipaas has been silent for 121 s',
      { probes: looks(100, times(5, 'ok')), watch: watch(-21) },
      'suspect',
    ],
    [
      'is suspect when the credential is refused',
      { probes: looks(100, times(5, 'ok')), watch: watch(98, { watch: 'denied' }) },
      'suspect',
    ],
    [
      'stays ready when nobody looked for 20 s: that silence is ours',
      { probes: looks(80, times(5, 'unreachable')), watch: watch(98) },
      'ready',
    ],
    [
      'stays ready with 401 over verified TLS',
      { probes: looks(100, times(9, 'unauthorized_but_reachable')), watch: watch(98) },
      'ready',
    ],
  ])('%s', (_, evidence, phase) => {
    expect(judged(standing('ready'), evidence, 100)).toBe(phase);
  });

  test('gives the proof with numbers', () => {
    const evidence = { probes: looks(100, ['ok', ...times(3, 'unreachable')]), watch: watch(97) };
    const proof = judge(standing('ready'), evidence, at(100))?.proof ?? [];
    expect(proof).toEqual([
      { code: 'no_answer', params: { looks: 3, seconds: 4, detail: 'connect ECONNREFUSED' } },
      { code: 'watch_live', params: {} },
      { code: 'heard', params: { seconds: 3 } },
    ]);
    expect(proofText(proof)).toBe(
      'does not answer for 3 looks in 4 s (connect ECONNREFUSED); watch live; last heard 3 s ago',
    );
  });
});

describe('a suspect cluster', () => {
  test.each<[string, Evidence, string]>([
    [
      'is dead after 10 s without an answer and 15 s without the watch',
      { probes: looks(100, times(6, 'unreachable')), watch: watch(85, { watch: 'stale' }) },
      'dead',
    ],
    [
      'is not dead while the watch was heard 14 s ago',
      { probes: looks(100, times(6, 'unreachable')), watch: watch(86) },
      'suspect',
    ],
    [
      'is not dead after 8 s without an answer',
      { probes: looks(100, ['ok', ...times(5, 'unreachable')]), watch: watch(60, { watch: 'stale' }) },
      'suspect',
    ],
    [
      'is not dead when it answers that it is not healthy',
      { probes: looks(100, times(9, 'unhealthy')), watch: watch(60, { watch: 'stale' }) },
      'suspect',
    ],
    [
      'is not dead when it refuses the credential',
      { probes: looks(100, times(9, 'unauthorized_but_reachable')), watch: watch(10, { watch: 'denied' }) },
      'suspect',
    ],
    [
      'is dead behind a wrong certificate with a silent watch',
      { probes: looks(100, times(6, 'tls')), watch: watch(60, { watch: 'stale' }) },
      'dead',
    ],
    ['is ready again after 10 s of being well', { probes: looks(100, times(6, 'ok')), watch: watch(99) }, 'ready'],
    [
      'is not ready again after 8 s of being well',
      { probes: looks(100, ['unreachable', ...times(5, 'ok')]), watch: watch(99) },
      'suspect',
    ],
    [
      'is not ready again while the watch lives for 9 s only',
      { probes: looks(100, times(9, 'ok')), watch: watch(99, { since: at(91) }) },
      'suspect',
    ],
  ])('%s', (_, evidence, phase) => {
    expect(judged(standing('suspect'), evidence, 100)).toBe(phase);
  });
});

describe('a dead cluster', () => {
  test('that answers for 4 s is quarantined, never ready', () => {
    const evidence = { probes: looks(100, times(3, 'ok')), watch: watch(99) };
    expect(judge(standing('dead', 0), evidence, at(100))).toEqual({
      phase: 'quarantined',
      cause: 'came_back',
      proof: [
        { code: 'answers', params: { latencyMs: 12 } },
        { code: 'was_lost', params: { seconds: 100 } },
        { code: 'awaits_readmission', params: {} },
      ],
    });
  });

  test('that answers once stays dead', () => {
    expect(judged(standing('dead'), { probes: looks(100, ['unreachable', 'ok']), watch: watch(99) }, 100)).toBe('dead');
  });
});

describe('a quarantined cluster', () => {
  test('stays so however well it is', () => {
    expect(
      judge(standing('quarantined'), { probes: looks(1_000, times(30, 'ok')), watch: watch(999) }, at(1_000)),
    ).toBeNull();
  });

  test('is dead again after 10 s of silence', () => {
    expect(
      judged(standing('quarantined'), { probes: looks(100, times(6, 'unreachable')), watch: watch(60) }, 100),
    ).toBe('dead');
  });
});

describe('whatever a cluster does for ten minutes', () => {
  const kinds = ['ok', 'unauthorized_but_reachable', 'unhealthy', 'tls', 'unreachable'] as const;
  const reports = ['connecting', 'live', 'stale', 'denied'] as const;
  /** Stretches of the same weather, from one look to two minutes. */
  const weather = fc.array(
    fc.record({
      looks: fc.integer({ min: 1, max: 60 }),
      kind: fc.constantFrom(...kinds),
      report: fc.constantFrom(...reports),
    }),
    { minLength: 1, maxLength: 40 },
  );

  interface Change {
    readonly from: string;
    readonly to: string;
    readonly second: number;
  }

  function live(
    stretches: readonly { looks: number; kind: (typeof kinds)[number]; report: (typeof reports)[number] }[],
  ) {
    let state = standing('ready', 0);
    let seen: WatchReport = watch(0, { since: at(0) });
    const probes: ProbeResult[] = [];
    const changes: Change[] = [];
    let second = 0;
    for (const { looks: count, kind, report } of stretches)
      for (let look = 0; look < count; look += 1) {
        second += 2;
        probes.push(probe(second, kind));
        const since = seen.watch === report ? seen.since : at(second);
        seen = { ...seen, watch: report, since, heardAt: report === 'live' ? at(second) : seen.heardAt };
        const verdict = judge(state, { probes: probes.slice(-30), watch: seen }, at(second));
        if (!verdict) continue;
        changes.push({ from: state.phase, to: verdict.phase, second });
        state = { phase: verdict.phase, cause: verdict.cause, since: at(second), epoch: 1 };
      }
    return { changes, probes, last: state };
  }

  test('it never comes back to ready within 10 s, nor without 10 s of good looks', () => {
    fc.assert(
      fc.property(weather, (stretches) => {
        const { changes, probes } = live(stretches);
        changes.forEach((change, index) => {
          if (change.to !== 'ready') return;
          const left = changes[index - 1];
          expect(change.second - (left?.second ?? 0)).toBeGreaterThanOrEqual(healthTimes.wellAgainMs / 1_000);
          const recent = probes.filter(
            ({ at: seenAt }) => seenAt >= at(change.second - 10) && seenAt <= at(change.second),
          );
          expect(recent.every(({ kind }) => kind === 'ok' || kind === 'unauthorized_but_reachable')).toBe(true);
        });
      }),
    );
  });

  test('it is called dead only after 10 s without any answer, and never leaves death but into quarantine', () => {
    fc.assert(
      fc.property(weather, (stretches) => {
        const { changes, probes } = live(stretches);
        for (const { from, to, second } of changes) {
          if (from === 'dead') expect(to).toBe('quarantined');
          if (from === 'quarantined') expect(to).toBe('dead');
          if (to !== 'dead') continue;
          const recent = probes.filter(({ at: seenAt }) => seenAt >= at(second - 10) && seenAt <= at(second));
          expect(recent.every(({ kind }) => kind === 'tls' || kind === 'unreachable')).toBe(true);
        }
      }),
    );
  });

  test('alternating good and bad looks for ten minutes change nothing', () => {
    const stretches = Array.from({ length: 300 }, (_, index) => ({
      looks: 1,
      kind: index % 2 ? ('ok' as const) : ('unreachable' as const),
      report: 'live' as const,
    }));
    expect(live(stretches).changes).toEqual([]);
  });
});
