import type { FeedHint, Permission } from '@berth/api';
import { ServiceKey, type EnvironmentName } from '@berth/contracts';
import type { Caller } from '../rights/caller.js';
import { hasSomewhere, may } from '../rights/rights.js';

/** How long hints are kept for readers that come back. */
export const keepMs = 15 * 60 * 1_000;
/** A reader that missed more than this many is told to read everything again. */
export const maxReplay = 5_000;

/** Something changed: its kind, its key, its place. */
export interface NewHint {
  readonly kind: FeedHint['kind'];
  readonly key: string;
  readonly version: number;
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
}

/** A hint with its place in the feed, as the table has it. */
export interface StoredHint extends FeedHint {
  readonly project: string | null;
  readonly environment: string | null;
}

const permissionOf: Readonly<Record<FeedHint['kind'], Permission>> = {
  service: 'service.read',
  operation: 'operation.read',
  cluster: 'cluster.read',
  project: 'project.read',
  cmdb: 'cmdb.read',
};

/** Project and environment of a target when it is a service; nothing for a cluster or a sync. */
export function placeOf(target: string): { project?: string; environment?: EnvironmentName } {
  if (!ServiceKey.safeParse(target).success) return {};
  const [project, environment] = target.split('/');
  return { project: project as string, environment: environment as EnvironmentName };
}

/** True when the caller may know of the change. `tenant`: business line of the hint's project, when it is known. */
export function maySee(caller: Caller, hint: StoredHint, tenant: string | undefined): boolean {
  const permission = permissionOf[hint.kind];
  if (hint.kind === 'cluster') return hasSomewhere(caller, permission);
  return may(caller, permission, {
    ...(hint.project !== null && { project: hint.project }),
    ...(hint.environment !== null && { environment: hint.environment as EnvironmentName }),
    ...(tenant !== undefined && { tenant }),
  });
}

/** What a reader gets that comes back with the last number it saw. */
export type Resume =
  { readonly kind: 'live' } | { readonly kind: 'replay'; readonly after: number } | { readonly kind: 'reset' };

/**
 * `lastSeen`: what the reader says; `oldest`: lowest number that is kept, null when there is none; `position`: up to
 * where this copy has read the table.
 */
export function resumeFrom(lastSeen: number | null, oldest: number | null, position: number): Resume {
  if (lastSeen === null) return { kind: 'live' };
  if (lastSeen === position) return { kind: 'live' };
  if (lastSeen > position || oldest === null || lastSeen < oldest - 1) return { kind: 'reset' };
  return position - lastSeen > maxReplay ? { kind: 'reset' } : { kind: 'replay', after: lastSeen };
}

/** Number of a `Last-Event-ID` header; null when there is none or it is not ours. */
export function readLastEventId(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

/** A hint as a server-sent event. */
export function hintEvent({ seq, kind, key, version }: FeedHint): string {
  return `id: ${seq}\ndata: ${JSON.stringify({ seq, kind, key, version })}\n\n`;
}

/** Events that say where the reader stands: `ready` at the start, `reset` when it missed something. */
export function standEvent(name: 'ready' | 'reset', seq: number): string {
  return `id: ${seq}\nevent: ${name}\ndata: ${JSON.stringify({ seq })}\n\n`;
}
