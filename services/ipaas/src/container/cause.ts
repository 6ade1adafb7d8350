import type { SlimDeployment, SlimPod } from '@berth/clients/kubernetes';
import { cutText } from '@berth/contracts';
import { recentEndMs } from '@berth/engines/why';
import type { ReconcileFailure } from '../workload/failure.js';
import { configReasons, containerState, type ContainerEnd } from './container-state.js';

/** Why a service is not well in one cluster. */
export interface Cause {
  readonly code:
    | 'image_pull'
    | 'config'
    | 'crash_loop'
    | 'exit'
    | 'unschedulable'
    | 'probe_failing'
    | Exclude<ReconcileFailure['code'], 'unreachable'>;
  readonly detail: string;
  /** The end of a run that `detail` tells of in English, to be said in any language. */
  readonly end: CauseEnd | null;
}

export interface CauseEnd extends ContainerEnd {
  readonly container: string;
}

export interface CauseInput {
  readonly release: number;
  readonly deployment: SlimDeployment | null;
  readonly pods: readonly SlimPod[];
  /** Why the last attempt to write was refused. */
  readonly failure: ReconcileFailure | null;
  /** What was said when the container's readiness check failed, where that is known. */
  readonly probeWords: (pod: SlimPod) => string | null;
}

/** What keeps most services from being ready comes first; of two containers with the same trouble the first by name speaks. */
const order: readonly Cause['code'][] = [
  'foreign_namespace',
  'foreign_object',
  'name_in_use',
  'terminating',
  'fenced',
  'forbidden',
  'quota',
  'invalid',
  'internal',
  'image_pull',
  'config',
  'crash_loop',
  'unschedulable',
  'exit',
  'probe_failing',
];

/** The cause that a reader should see first; null when nothing is wrong, or nothing is known to be. With time alone it changes once: when a restart is no longer why. */
export function causeOf(input: CauseInput, now: Date): Cause | null {
  const { failure } = input;
  if (failure && failure.code !== 'unreachable') return { code: failure.code, detail: failure.detail, end: null };
  const newest = input.pods.filter((pod) => pod.release === String(input.release));
  const causes = (newest.length > 0 ? newest : input.pods)
    .filter((pod) => !pod.deletionTimestamp && !pod.ready)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((pod) => podCause(pod, input, now) ?? []);
  const worst = causes.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code))[0];
  return worst ?? refusedPods(input);
}

function podCause(pod: SlimPod, { probeWords }: CauseInput, now: Date): Cause | null {
  const { state, detail, end } = containerState(pod, now);
  const says = (code: Cause['code'], text: string | null, told: ContainerEnd | null = null): Cause => ({
    code,
    detail: text ? `${pod.name}: ${text}` : pod.name,
    end: told && { container: pod.name, ...told },
  });
  switch (state) {
    case 'image_error':
      return says('image_pull', detail);
    case 'crash_looping':
      return says('crash_loop', detail, end);
    case 'pending':
      return pod.unscheduled ? says('unschedulable', detail) : null;
    case 'starting':
      return pod.state.waiting && configReasons.has(pod.state.waiting.reason) ? says('config', detail) : null;
    case 'not_ready':
      return endedLately(pod, now) ? says('crash_loop', detail, end) : says('probe_failing', probeWords(pod));
    case 'ended':
      return says('exit', detail, end);
    default:
      return null;
  }
}

/** What ended long ago does not explain a container that has run since and is not ready. */
function endedLately(pod: SlimPod, now: Date): boolean {
  const at = pod.lastTermination?.finishedAt;
  return pod.restarts > 0 && at !== undefined && now.getTime() - Date.parse(at) < recentEndMs;
}

/** The cluster makes no containers at all: a quota or a policy refuses them. */
function refusedPods({ deployment, pods }: CauseInput): Cause | null {
  if (!deployment || pods.length > 0 || deployment.replicas.spec === 0) return null;
  const refusal = [deployment.progressing, deployment.available].find(
    (condition) =>
      condition?.status === 'False' && /quota|forbidden|FailedCreate/i.test(`${condition.reason} ${condition.message}`),
  );
  if (!refusal) return null;
  const detail = refusal.message ?? refusal.reason ?? '';
  return { code: /quota/i.test(detail) ? 'quota' : 'invalid', detail: cutText(detail), end: null };
}

/** The parameters with which a step or a problem carries an end. */
export function endParams(end: CauseEnd | null | undefined): Record<string, string | number> {
  if (!end) return {};
  const { container, exitCode, signal, reason, message } = end;
  return {
    container,
    exitCode,
    ...(signal !== null && { signal }),
    ...(reason !== null && { endReason: reason }),
    ...(message !== null && { endMessage: cutText(message, 300) }),
  };
}
