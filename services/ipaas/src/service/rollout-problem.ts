import { problemOf } from '@berth/api';
import type { Problem } from '@berth/contracts';
import { endParams } from '../container/cause.js';
import { newReady, worstOf } from './service-state.js';
import type { Observed, RunningOperation, Target } from './service.js';
import { causeText, hasArrived } from './steps.js';
import type { Situation } from './settle.js';

/** Why a roll-out or restart was not ready in time: the numbers, the cause in the worst cluster, a row for each cluster that lags. */
export function rolloutProblem(situation: Situation, operation: RunningOperation): Problem {
  const running = situation.targets.filter((target) => target.phase === 'run');
  const rows = new Map(situation.observed.map((row) => [row.cluster, row]));
  const release = situation.service.targetRelease ?? operation.release ?? 0;
  const ready = total(running, (target) => readyOf(target, rows.get(target.cluster)));
  const desired = total(running, (target) => target.replicas);
  const worst = worstOf(running, situation.observed);
  const lagging = running.filter((target) => !hasArrived(target, rows.get(target.cluster)));
  const silent = lagging.filter((target) => rows.get(target.cluster)?.fresh === false).map(({ cluster }) => cluster);
  const cause = [
    ...(worst ? [`In ${worst.cluster}: ${causeText(worst)}.`] : []),
    ...(silent.length > 0 ? [`No answer from ${silent.join(', ')}.`] : []),
  ].join(' ');
  const params = {
    seconds: situation.rolloutSeconds,
    ready,
    desired,
    release,
    cause,
    causeCode: worst?.causeCode ?? (silent.length > 0 ? 'cluster_silent' : null),
    cluster: worst?.cluster ?? silent[0] ?? null,
    stillServes: stillServes(situation, operation, desired),
    liveRelease: situation.service.liveRelease,
  };
  return problemOf('rollout_deadline', params, {
    errors: lagging.map((target) => rowFor(target, rows.get(target.cluster))),
  });
}

function rowFor(target: Target, row: Observed | undefined): NonNullable<Problem['errors']>[number] {
  const ready = readyOf(target, row);
  const code = row?.fresh === false ? 'cluster_silent' : (row?.causeCode ?? 'not_ready');
  const cause = row?.causeCode ? `: ${causeText(row)}` : '';
  return {
    path: target.cluster,
    code,
    message: `${ready} of ${target.replicas} ready${cause}`,
    params: { ready, desired: target.replicas, detail: row?.causeDetail ?? null, ...endParams(row?.causeEnd) },
  };
}

function stillServes({ service, observed }: Situation, operation: RunningOperation, desired: number): string {
  if (service.liveRelease === null) return 'Nothing served before; the objects and logs of the attempt stay.';
  if (operation.kind === 'service.restart') return 'Containers that were not replaced yet keep serving.';
  const ready = observed.reduce((sum, row) => sum + row.ready, 0);
  return `Release #${service.liveRelease} keeps serving; ${Math.min(ready, desired)} of ${desired} containers are ready in all.`;
}

function readyOf(target: Target, row: Observed | undefined): number {
  return row && row.release === target.release ? Math.min(newReady(row), target.replicas) : 0;
}

function total(targets: readonly Target[], count: (target: Target) => number): number {
  return targets.reduce((sum, target) => sum + count(target), 0);
}
