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
    return [
      ...clusters.map((row, colour): Line => {
        return { id: row.cluster, label: row.cluster, values: row[quantity], colour, kind: 'now' };
      }),
      ...clusters.flatMap((row) => clusterLimit(metrics, row.cluster, quantity, words)),
    ];
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

/** The limit of one container, the largest of those that are measured at the point; of all together in the sum. */
function limitLine({ containers, total, times }: ServiceMetrics, view: View, quantity: Quantity, words: Words): Line[] {
  const summedUp: Points = quantity === 'cpuCores' ? total.cpuLimitCores : total.memoryLimitBytes;
  const largest = () => limitsAt(containers, quantity, times.length).map((limits) => Math.max(0, ...limits) || null);
  return asLimit('limit', words.limit, view === 'total' ? summedUp : largest());
}

/** What the containers of one cluster may use together. */
function clusterLimit(
  { containers, times, omittedContainers }: ServiceMetrics,
  cluster: string,
  quantity: Quantity,
  words: Words,
): Line[] {
  // Of those that are left out the limits are not known here.
  if (omittedContainers > 0) return [];
  const own = containers.filter((row) => row.cluster === cluster);
  const sums = limitsAt(own, quantity, times.length).map(
    (limits) => limits.reduce((sum, limit) => sum + limit, 0) || null,
  );
  return asLimit(`limit/${cluster}`, `${words.limit} · ${cluster}`, sums);
}

/** Limits of the containers that were measured at each point: a size that changed counts from when it did. */
function limitsAt(containers: readonly ContainerMetrics[], quantity: Quantity, length: number): number[][] {
  return Array.from({ length }, (_, index) =>
    containers.flatMap((row) => (row[quantity][index] === null ? [] : (row.limit?.[quantity] ?? []))),
  );
}

function asLimit(id: string, label: string, values: Points): Line[] {
  return values.every((value) => !value) ? [] : [{ id, label, values, colour: null, kind: 'limit' }];
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
    values: readySum(readiness),
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

/** A gap while a cluster is silent: what the others have ready would look like a fall. A cluster that was not used yet counts nothing. */
function readySum(readiness: ServiceMetrics['readiness']): Points {
  const isSilent = (index: number) =>
    readiness.some(({ ready, desired }) => ready[index] === null && desired[index] !== null);
  return summed(readiness.map(({ ready }) => ready)).map((value, index) => (isSilent(index) ? null : value));
}

/** So long restarts are remembered. */
const rememberedSeconds = 86_400;

/** None is drawn where nobody knew: before the first container, and before what is remembered. */
export function restartLines({ restarts, containers, times, stepSeconds }: ServiceMetrics, words: Words): Line[] {
  const happened = restarts.map(({ at }) => Date.parse(at) / 1000);
  const first = Math.min(...containers.map(({ createdAt }) => Date.parse(createdAt) / 1000));
  const knownFrom = Math.max(first, (times.at(-1) ?? 0) - rememberedSeconds);
  const values = countedBy(times, stepSeconds, happened).map((value, index) =>
    (times[index] ?? 0) < knownFrom && value === 0 ? null : value,
  );
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
