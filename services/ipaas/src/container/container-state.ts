import type { Container } from '@berth/api';
import type { SlimPod, Termination } from '@berth/clients/kubernetes';
import { cutText } from '@berth/contracts';

export type ContainerState = Container['state'];

export type ContainerEnd = NonNullable<Container['detailEnd']>;

/** A state and its proof: the cluster's own words, or how a run ended. */
export interface StateAndProof {
  readonly state: ContainerState;
  /** For users of the API; of an end in English. */
  readonly detail: string | null;
  /** The end that `detail` tells of: the portal says it in its own language. */
  readonly end: ContainerEnd | null;
}

/** So long a running container that is not ready counts as starting. */
export const startingForMs = 10_000;

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

/** Reasons of a container that cannot be made from what it refers to: a Secret that is missing, a user that is not allowed. */
export const configReasons: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
]);

/** State of a container in the portal's words. The order matters: what is on its way out is not judged any more. */
export function containerState(pod: SlimPod, now: Date): StateAndProof {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed')
    return pod.reason ? says('ended', pod.reason) : ends('ended', lastEndOf(pod));
  if (pod.deletionTimestamp) return says('terminating', null);
  const { waiting, running, terminated } = pod.state;
  if (waiting) return waitingState(pod, waiting);
  if (terminated) return terminatedState(pod, terminated);
  if (running) return runningState(pod, running.startedAt, now);
  if (pod.unscheduled) return says('pending', pod.unscheduled.message ?? pod.unscheduled.reason);
  return says(pod.node ? 'starting' : 'pending', null);
}

function says(state: ContainerState, detail: string | null): StateAndProof {
  return { state, detail, end: null };
}

function ends(state: ContainerState, end: ContainerEnd | null): StateAndProof {
  return { state, detail: end && endText(end), end };
}

function waitingState(pod: SlimPod, { reason, message }: { reason: string; message?: string }): StateAndProof {
  if (imageReasons.has(reason)) return says('image_error', proof(reason, message));
  if (reason === 'CrashLoopBackOff') {
    const end = lastEndOf(pod);
    return end ? ends('crash_looping', end) : says('crash_looping', message ?? reason);
  }
  if (configReasons.has(reason)) return says('starting', proof(reason, message));
  // The kubelet has no word for pulling in the pod; without an image id that is what it does nearly all of the time.
  if (reason === 'ContainerCreating' && !pod.imageId) return says('pulling', message ?? null);
  return says('starting', message ?? null);
}

function terminatedState(pod: SlimPod, end: Termination): StateAndProof {
  const isRepeated = pod.restarts > 0 || end.exitCode !== 0;
  return ends(isRepeated ? 'crash_looping' : 'starting', endOf(end));
}

function runningState(pod: SlimPod, startedAt: string | undefined, now: Date): StateAndProof {
  if (pod.ready) return says('running', null);
  const ageMs = startedAt === undefined ? 0 : now.getTime() - Date.parse(startedAt);
  // One that was started again after a crash had its chance.
  const isFirst = pod.restarts === 0 && ageMs < startingForMs;
  return ends(isFirst ? 'starting' : 'not_ready', pod.restarts > 0 ? lastEndOf(pod) : null);
}

/** How the latest run that is over ended. */
function lastEndOf(pod: SlimPod): ContainerEnd | null {
  const end = pod.state.terminated ?? pod.lastTermination;
  return end ? endOf(end) : null;
}

function endOf({ exitCode, reason, signal, message }: Termination): ContainerEnd {
  const isTelling = reason !== undefined && reason !== 'Error' && reason !== 'Completed';
  const words = message?.trim();
  return {
    exitCode,
    signal: signal ? signal : null,
    reason: isTelling ? reason : null,
    message: words ? cutText(words) : null,
  };
}

/** In English, e.g. `exit code 137 (OOMKilled)`. */
function endText({ exitCode, signal, reason, message }: ContainerEnd): string {
  const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  const text = reason === null ? how : `${how} (${reason})`;
  return cutText(message === null ? text : `${text}: ${message}`);
}

function proof(reason: string, message: string | undefined): string {
  return cutText(message ? `${reason}: ${message}` : reason);
}
