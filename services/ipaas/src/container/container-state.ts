import type { Container } from '@berth/api';
import type { SlimPod, Termination } from '@berth/clients/kubernetes';
import { cutText } from '@berth/contracts';

export type ContainerState = Container['state'];

/** A state and one sentence of proof in the cluster's own words. */
export interface StateAndProof {
  readonly state: ContainerState;
  readonly detail: string | null;
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
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return { state: 'ended', detail: endOf(pod) };
  if (pod.deletionTimestamp) return { state: 'terminating', detail: null };
  const { waiting, running, terminated } = pod.state;
  if (waiting) return waitingState(pod, waiting);
  if (terminated) return terminatedState(pod, terminated);
  if (running) return runningState(pod, running.startedAt, now);
  if (pod.unscheduled) return { state: 'pending', detail: pod.unscheduled.message ?? pod.unscheduled.reason };
  return { state: pod.node ? 'starting' : 'pending', detail: null };
}

function waitingState(pod: SlimPod, { reason, message }: { reason: string; message?: string }): StateAndProof {
  if (imageReasons.has(reason)) return { state: 'image_error', detail: proof(reason, message) };
  if (reason === 'CrashLoopBackOff') return { state: 'crash_looping', detail: lastEndOf(pod) ?? message ?? reason };
  if (configReasons.has(reason)) return { state: 'starting', detail: proof(reason, message) };
  // The kubelet has no word for pulling in the pod; without an image id that is what it does nearly all of the time.
  if (reason === 'ContainerCreating' && !pod.imageId) return { state: 'pulling', detail: message ?? null };
  return { state: 'starting', detail: message ?? null };
}

function terminatedState(pod: SlimPod, end: Termination): StateAndProof {
  const isRepeated = pod.restarts > 0 || end.exitCode !== 0;
  return { state: isRepeated ? 'crash_looping' : 'starting', detail: terminationText(end) };
}

function runningState(pod: SlimPod, startedAt: string | undefined, now: Date): StateAndProof {
  if (pod.ready) return { state: 'running', detail: null };
  const ageMs = startedAt === undefined ? 0 : now.getTime() - Date.parse(startedAt);
  // One that was started again after a crash had its chance.
  const isFirst = pod.restarts === 0 && ageMs < startingForMs;
  return { state: isFirst ? 'starting' : 'not_ready', detail: pod.restarts > 0 ? lastEndOf(pod) : null };
}

function endOf(pod: SlimPod): string | null {
  if (pod.reason) return pod.reason;
  const end = pod.state.terminated ?? pod.lastTermination;
  return end ? terminationText(end) : null;
}

/** How the run before this one ended, e.g. `exit code 78 (Error)`. */
export function lastEndOf(pod: SlimPod): string | null {
  const end = pod.state.terminated ?? pod.lastTermination;
  return end ? terminationText(end) : null;
}

function terminationText({ exitCode, reason, signal, message }: Termination): string {
  const how = signal ? `signal ${signal}` : `exit code ${exitCode}`;
  const text = reason && reason !== 'Error' && reason !== 'Completed' ? `${how} (${reason})` : how;
  return cutText(message ? `${text}: ${message.trim()}` : text);
}

function proof(reason: string, message: string | undefined): string {
  return cutText(message ? `${reason}: ${message}` : reason);
}
