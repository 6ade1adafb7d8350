import type { ContainerMetrics, Points, ServiceMetrics } from '@berth/api';
import { countedBy, summed, type Line } from '../../charts/chart.js';

export const views = ['container', 'cluster', 'total'] as const;
export type View = (typeof views)[number];
type Quantity = 'cpuCores' | 'memoryBytes';

export interface Words {
  readonly total: string;
  readonly limit: string;
  readonly ready: string;
  readonly desired: string;
  readonly restarts: string;
}

/** Lines of CPU or memory. Colours go by cluster name and by the age of containers, so that they stay while others come and go. */
export function usageLines(metrics: ServiceMetrics, view: View, quantity: Quantity, words: Words): Line[] {
  const { containers, clusters, total } = metrics;
  if (view === 'cluster')
    return clusters.map((row, colour) => ({
      id: row.cluster,
      label: row.cluster,
      values: row[quantity],
      colour,
      kind: 'now',
    }));
  const limit = limitLine(metrics, view, quantity, words);
  if (view === 'total')
    return [{ id: 'total', label: words.total, values: total[quantity], colour: 0, kind: 'now' }, ...limit];
  const byAge = [...containers].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const lines = containers.map((row): Line => ({
    id: `${row.cluster}/${row.container}`,
    label: `${shortName(row.container)} · ${row.cluster}`,
    values: row[quantity],
    colour: byAge.indexOf(row),
    kind: row.endedAt === null ? 'now' : 'past',
  }));
  return [...lines.filter(({ kind, values }) => kind === 'now' || values.some((value) => value !== null)), ...limit];
}

/** The limit of one container, the largest of those that run; of all together in the sum. */
function limitLine({ containers, total, times }: ServiceMetrics, view: View, quantity: Quantity, words: Words): Line[] {
  const ofOne = (row: ContainerMetrics) => row.limit?.[quantity] ?? 0;
  const running = containers.filter(({ endedAt }) => endedAt === null);
  const most = Math.max(0, ...(running.length > 0 ? running : containers).map(ofOne));
  const summedUp: Points = quantity === 'cpuCores' ? total.cpuLimitCores : total.memoryLimitBytes;
  const values = view === 'total' ? summedUp : times.map(() => most);
  if (values.every((value) => !value)) return [];
  return [{ id: 'limit', label: words.limit, values, colour: null, kind: 'limit' }];
}

/** Ready and wanted replicas: of the service, and of each cluster when there are several. */
export function readinessLines({ readiness }: ServiceMetrics, words: Words): Line[] {
  if (readiness.length === 0) return [];
  const clusters: Line[] = readiness.map(({ cluster, ready }, index) => ({
    id: `ready/${cluster}`,
    label: `${words.ready} · ${cluster}`,
    values: ready,
    colour: index + 1,
    kind: 'past',
  }));
  const sum: Line = {
    id: 'ready',
    label: words.ready,
    values: summed(readiness.map(({ ready }) => ready)),
    colour: 0,
    kind: 'now',
  };
  const wanted: Line = {
    id: 'desired',
    label: words.desired,
    values: summed(readiness.map(({ desired }) => desired)),
    colour: null,
    kind: 'past',
  };
  return readiness.length > 1 ? [sum, wanted, ...clusters] : [sum, wanted];
}

export function restartLines({ restarts, times, stepSeconds }: ServiceMetrics, words: Words): Line[] {
  const happened = restarts.map(({ at }) => Date.parse(at) / 1000);
  const values = countedBy(times, stepSeconds, happened);
  return [{ id: 'restarts', label: words.restarts, values, colour: 1, kind: 'now' }];
}

/** The first point at which anything was measured, when the range began without. */
export function measuredSince({ total, times }: ServiceMetrics): number | null {
  const first = total.memoryBytes.findIndex((value) => value !== null);
  return first > 2 ? (times[first] ?? null) : null;
}

export const isEmpty = ({ total }: ServiceMetrics): boolean =>
  [total.cpuCores, total.memoryBytes].every((values) => values.every((value) => value === null));

/** The end of a pod's name tells containers of one service apart: `7d9f-aaaaa`. */
function shortName(name: string): string {
  return name.split('-').slice(-2).join('-');
}
