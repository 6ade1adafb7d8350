import type { ServiceListItem } from '@berth/api';
import type { May } from '../../app/session.js';

export const bulkActions = ['restart', 'start', 'stop', 'scale'] as const;
export type BulkAction = (typeof bulkActions)[number];

/** Why a marked row is left out: codes that the page has words for. */
export type LeftOut = 'undeployed' | 'forbidden' | 'paused' | 'stopped' | 'not_stopped' | 'deleting' | 'same';

export interface BulkPlan {
  readonly hit: readonly ServiceListItem[];
  readonly left: readonly { readonly row: ServiceListItem; readonly reason: LeftOut }[];
  /** Containers that are touched, over all. */
  readonly containers: number;
  readonly clusters: readonly string[];
  readonly production: number;
  /** More replicas may also come to clusters where there are none yet. */
  readonly mayReachOthers: boolean;
}

const permissionOf = {
  restart: 'service.restart',
  start: 'service.startStop',
  stop: 'service.startStop',
  scale: 'service.scale',
} as const;

function whyNot(action: BulkAction, row: ServiceListItem, may: May, replicas: number): LeftOut | null {
  if (row.uid === null) return 'undeployed';
  if (!may(permissionOf[action], row)) return 'forbidden';
  if (row.state === 'deleting') return 'deleting';
  if (row.paused) return 'paused';
  if (action === 'start') return row.state === 'stopped' ? null : 'not_stopped';
  if (row.state === 'stopped') return 'stopped';
  return action === 'scale' && row.desired === replicas ? 'same' : null;
}

/** What a bulk action would touch, before it is done: services, containers, clusters, and what is left out and why. */
export function planOf(action: BulkAction, rows: readonly ServiceListItem[], may: May, replicas: number): BulkPlan {
  const judged = rows.map((row) => ({ row, reason: whyNot(action, row, may, replicas) }));
  const hit = judged.filter(({ reason }) => reason === null).map(({ row }) => row);
  const touched = (row: ServiceListItem) =>
    action === 'scale' ? Math.abs(replicas - row.desired) : action === 'start' ? (row.total ?? 0) : row.desired;
  return {
    hit,
    left: judged.flatMap(({ row, reason }) => (reason === null ? [] : [{ row, reason }])),
    containers: hit.reduce((sum, row) => sum + touched(row), 0),
    clusters: [...new Set(hit.flatMap((row) => row.clusters.map(({ cluster }) => cluster)))].sort(),
    mayReachOthers: action === 'scale' && hit.some(({ desired }) => replicas > desired),
    production: hit.filter(({ environment }) => environment === 'prod').length,
  };
}
