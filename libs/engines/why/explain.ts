import { actionsFor } from './actions.js';
import { containerRules } from './container-rules.js';
import type { ContainerFacts, Facts } from './facts.js';
import type { Diagnosis, Finding, Proof } from './finding.js';
import { quoted } from './log-signs.js';
import { speakerOf } from './speaker.js';

/**
 * Why a service is not well, or null when nothing is known to be wrong: the same facts always give the same finding. What
 * a cluster refuses comes first, then what is known of the container that speaks for the others, then silence.
 */
export function explain(facts: Facts): Finding | null {
  const speaker = speakerOf(facts.containers, facts.release);
  const diagnosis = refused(facts) ?? (speaker && diagnose(speaker, facts)) ?? silence(facts) ?? short(facts);
  if (!diagnosis) return null;
  const isOfContainer = speaker !== null && !['cluster_silent', 'cluster_refuses', 'quota'].includes(diagnosis.kind);
  return {
    kind: diagnosis.kind,
    params: diagnosis.params ?? {},
    confidence: diagnosis.confidence,
    cluster: isOfContainer ? speaker.cluster : clusterOf(diagnosis, facts),
    container: isOfContainer ? speaker.name : null,
    since: sinceOf(diagnosis, facts, speaker),
    proof: [...diagnosis.proof, ...common(facts, isOfContainer ? speaker : null)],
    lastGood: facts.lastGood,
    actions: actionsFor(diagnosis, facts, isOfContainer ? speaker : null),
  };
}

function diagnose(speaker: ContainerFacts, facts: Facts): Diagnosis | null {
  for (const rule of containerRules) {
    const diagnosis = rule(speaker, facts);
    if (diagnosis) return diagnosis;
  }
  return null;
}

function refused({ refusals, spec }: Facts): Diagnosis | null {
  const [refusal] = refusals;
  if (!refusal) return null;
  const { cluster, code, detail } = refusal;
  const proof: Proof[] = detail ? [{ code: 'cluster_said', params: { text: quoted(detail) } }] : [];
  if (code === 'quota') {
    const size = { cpuMillis: spec?.cpuMillis ?? null, memoryMiB: spec?.memoryMiB ?? null };
    return { kind: 'quota', params: { cluster, ...size }, confidence: 'certain', proof };
  }
  return { kind: 'cluster_refuses', params: { cluster, code }, confidence: 'certain', proof };
}

function silence({ silent }: Facts): Diagnosis | null {
  const [first] = silent;
  if (!first) return null;
  return {
    kind: 'cluster_silent',
    params: { cluster: first.cluster },
    confidence: 'certain',
    proof: first.since ? [{ code: 'silent_since', params: { at: first.since } }] : [],
  };
}

/** Fewer are ready than wanted for a while, and nothing says why. */
function short({ ready, desired, unreadySince, events, containers }: Facts): Diagnosis | null {
  if (ready >= desired || unreadySince === null) return null;
  if (containers.some(({ state }) => state === 'starting' || state === 'pulling' || state === 'pending')) return null;
  const event = events.find(({ reason }) => /^Failed/.test(reason));
  const proof: Proof[] = event
    ? [{ code: 'event', params: { reason: event.reason, text: quoted(event.message), count: event.count } }]
    : [];
  return { kind: 'unknown', confidence: 'possible', proof };
}

function clusterOf({ kind }: Diagnosis, { silent, refusals }: Facts): string | null {
  return (kind === 'cluster_silent' ? silent[0]?.cluster : refusals[0]?.cluster) ?? null;
}

function sinceOf({ kind }: Diagnosis, facts: Facts, speaker: ContainerFacts | null): string | null {
  if (kind === 'cluster_silent') return facts.silent[0]?.since ?? null;
  return facts.unreadySince ?? speaker?.createdAt ?? null;
}

/** What every finding shows beside its own proof. */
function common(facts: Facts, speaker: ContainerFacts | null): Proof[] {
  const { ready, desired } = facts;
  const count = speaker?.restartsLast10Minutes ?? 0;
  return [
    ...(count > 0 ? [{ code: 'restarts' as const, params: { count, minutes: 10 } }] : []),
    { code: 'ready_count', params: { ready, desired } },
    ...wellProof(facts),
  ];
}

/** When the release at hand was well itself, the one before it proves nothing. */
function wellProof({ release, wasGood, lastGood, unreadySince }: Facts): Proof[] {
  if (wasGood) return [{ code: 'well_until', params: { release, at: unreadySince } }];
  return lastGood === null ? [] : [{ code: 'well_before', params: { release: lastGood } }];
}
