import type { SlimPod, Termination } from '@berth/clients/kubernetes';
import { containerState, type ContainerEnd, type ContainerState } from './container-state.js';

/** A container as it is stored: now, or past once `endedAt` is set. Times RFC 3339. */
export interface ContainerRow {
  readonly uid: string;
  readonly serviceUid: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly release: number | null;
  readonly image: string | null;
  readonly node: string | null;
  readonly ip: string | null;
  readonly state: ContainerState;
  readonly detail: string | null;
  readonly detailEnd: ContainerEnd | null;
  readonly ready: boolean;
  readonly restarts: number;
  /** When it was started again, the latest 300 of the last day. */
  readonly restartMarks: readonly string[];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly exitCode: number | null;
  readonly lastEnd: {
    readonly reason: string | null;
    readonly exitCode: number | null;
    readonly at: string | null;
    readonly ranSeconds: number | null;
  } | null;
}

const markForMs = 24 * 60 * 60 * 1000;
const mostMarks = 300;

/** The row of a pod that belongs to a service, with what was known of it before. */
export function containerRow(
  pod: SlimPod,
  where: { readonly cluster: string; readonly serviceUid: string },
  before: ContainerRow | undefined,
  now: Date,
): ContainerRow {
  const { state, detail, end: detailEnd } = containerState(pod, now);
  const end = pod.state.terminated;
  const lastEnd = end ?? pod.lastTermination;
  const hasEnded = state === 'ended';
  return {
    ...where,
    uid: pod.uid,
    namespace: pod.namespace,
    name: pod.name,
    release: pod.release === undefined ? null : Number(pod.release),
    image: pod.image ?? null,
    node: pod.node ?? before?.node ?? null,
    ip: pod.podIp ?? before?.ip ?? null,
    state,
    detail,
    detailEnd,
    ready: pod.ready && !pod.deletionTimestamp && !hasEnded,
    restarts: pod.restarts,
    restartMarks: restartMarks(pod, before, now),
    createdAt: pod.createdAt,
    startedAt: pod.state.running?.startedAt ?? end?.startedAt ?? before?.startedAt ?? null,
    endedAt: hasEnded ? (end?.finishedAt ?? before?.endedAt ?? now.toISOString()) : null,
    exitCode: end?.exitCode ?? (pod.deletionTimestamp ? (before?.exitCode ?? null) : null),
    lastEnd: lastEnd ? endOf(lastEnd) : null,
  };
}

function endOf({ reason, exitCode, startedAt, finishedAt }: Termination): NonNullable<ContainerRow['lastEnd']> {
  const isTimed = startedAt !== undefined && finishedAt !== undefined;
  const ranMs = isTimed ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
  return {
    reason: reason ?? null,
    exitCode,
    at: finishedAt ?? null,
    ranSeconds: ranMs === null ? null : Math.round(ranMs / 1_000),
  };
}

/** The row of a container whose pod is no longer there. */
export function endedRow(before: ContainerRow, now: Date): ContainerRow {
  if (before.endedAt) return before;
  return { ...before, state: 'ended', ready: false, endedAt: now.toISOString() };
}

/** One mark for each restart since the row before; the cluster tells only when the last run ended. */
function restartMarks(pod: SlimPod, before: ContainerRow | undefined, now: Date): readonly string[] {
  const kept = (before?.restartMarks ?? []).filter((mark) => now.getTime() - Date.parse(mark) < markForMs);
  // A container that we meet for the first time may have restarted long ago: only its last end is known.
  const fresh = before ? Math.max(0, pod.restarts - before.restarts) : Math.min(1, pod.restarts);
  const at = pod.lastTermination?.finishedAt ?? now.toISOString();
  const marks = [...kept, ...Array.from({ length: Math.min(fresh, mostMarks) }, () => at)];
  const unchanged = before && marks.length === before.restartMarks.length;
  return unchanged ? before.restartMarks : marks.slice(-mostMarks);
}
