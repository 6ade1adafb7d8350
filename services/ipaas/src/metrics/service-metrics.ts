import type { ContainerMetrics, MetricsMark, Points, ServiceMetrics } from '@berth/api';
import { timesOf, type Labels, type Series, type TimeGrid } from '@berth/clients/prometheus';
import type { Problem, Size } from '@berth/contracts';

/** A container that lived in the range. */
export interface LivedContainer {
  readonly cluster: string;
  readonly name: string;
  readonly release: number | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly restartMarks: readonly Date[];
  readonly size: Size | null;
}

/** From `at` on so many were ready; null: the cluster is silent. */
export interface ReadinessChange {
  readonly cluster: string;
  readonly at: Date;
  readonly ready: number | null;
  readonly desired: number;
}

export interface MetricsInput {
  readonly grid: TimeGrid;
  /** By `cluster` and `pod`; empty when the metrics store is silent. */
  readonly cpu: readonly Series[];
  readonly memory: readonly Series[];
  readonly containers: readonly LivedContainer[];
  /** Oldest first; those before the range say what was so when it began. */
  readonly readiness: readonly ReadinessChange[];
  readonly marks: readonly MetricsMark[];
  readonly problem: Problem | null;
}

/** More lines than this are no chart. */
const mostContainers = 60;
const mostRestarts = 1_000;
const bytesPerMiB = 2 ** 20;

/** Lays what was measured and what happened on one grid of time; joins history by the names of containers. */
export function serviceMetrics(input: MetricsInput): ServiceMetrics {
  const times = timesOf(input.grid);
  const containers = containersOf(input, times);
  const running = containers.filter(({ endedAt }) => endedAt === null);
  const past = containers.filter(({ endedAt }) => endedAt !== null);
  const clusters = [...new Set(containers.map(({ cluster }) => cluster))].sort();
  return {
    from: isoOf(input.grid.fromSeconds),
    to: isoOf(input.grid.toSeconds),
    stepSeconds: input.grid.stepSeconds,
    times,
    containers: [...running, ...past].slice(0, mostContainers),
    omittedContainers: Math.max(0, containers.length - mostContainers),
    clusters: clusters.map((cluster) => ({
      cluster,
      ...sumOf(
        containers.filter((container) => container.cluster === cluster),
        times.length,
      ),
    })),
    total: totalOf(containers, clusters, times),
    readiness: readinessOf(input.readiness, input.grid, times),
    restarts: restartsOf(input),
    marks: [...input.marks],
    problem: input.problem,
  };
}

function containersOf(input: MetricsInput, times: readonly number[]): ContainerMetrics[] {
  const [cpu, memory] = [byName(input.cpu), byName(input.memory)];
  return input.containers.map((container) => {
    const { cluster, name, release, createdAt, endedAt, size } = container;
    const key = `${cluster}/${name}`;
    return {
      cluster,
      container: name,
      release,
      createdAt: createdAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      limit: size && { cpuCores: size.cpuMillis / 1_000, memoryBytes: size.memoryMiB * bytesPerMiB },
      cpuCores: whileItLived(cpu.get(key), container, times, roundCores),
      memoryBytes: whileItLived(memory.get(key), container, times, Math.round),
    };
  });
}

function byName(series: readonly Series[]): Map<string, Series['values']> {
  const nameOf = ({ cluster, pod }: Labels) => `${cluster}/${pod}`;
  return new Map(series.map(({ labels, values }) => [nameOf(labels), values]));
}

/** A query looks back, so its values reach a little beyond the end of a container; they are cut off there. */
function whileItLived(
  values: Series['values'] | undefined,
  { createdAt, endedAt }: LivedContainer,
  times: readonly number[],
  round: (value: number) => number,
): Points {
  const begin = createdAt.getTime() / 1_000;
  const end = endedAt === null ? Infinity : endedAt.getTime() / 1_000;
  return times.map((at, index) => {
    const value = at >= begin && at <= end ? values?.[index] : null;
    return value === null || value === undefined ? null : round(value);
  });
}

function sumOf(containers: readonly ContainerMetrics[], length: number): { cpuCores: Points; memoryBytes: Points } {
  return {
    cpuCores: sums(
      containers.map(({ cpuCores }) => cpuCores),
      length,
    ).map((value) => value && roundCores(value)),
    memoryBytes: sums(
      containers.map(({ memoryBytes }) => memoryBytes),
      length,
    ),
  };
}

/** A container is measured for the first time about so long after it began. */
const firstMeasuredAfterSeconds = 120;

/** The sum of all clusters; a gap where one of them was not measured, as the others alone would look like a fall. */
function totalOf(containers: readonly ContainerMetrics[], clusters: readonly string[], times: readonly number[]) {
  const wasSilent = (quantity: 'cpuCores' | 'memoryBytes') =>
    times.map((at, index) =>
      clusters.some((cluster) => {
        const living = containers.filter((row) => row.cluster === cluster && livedAt(row, at));
        return living.length > 0 && living.every((row) => row[quantity][index] === null);
      }),
    );
  const [cpuSilent, memorySilent] = [wasSilent('cpuCores'), wasSilent('memoryBytes')];
  const gaps = (values: Points, silent: readonly boolean[]) =>
    values.map((value, index) => (silent[index] ? null : value));
  const sum = sumOf(containers, times.length);
  const limit = limitsOf(containers, times.length);
  return {
    cpuCores: gaps(sum.cpuCores, cpuSilent),
    memoryBytes: gaps(sum.memoryBytes, memorySilent),
    cpuLimitCores: gaps(limit.cpuLimitCores, cpuSilent),
    memoryLimitBytes: gaps(limit.memoryLimitBytes, memorySilent),
  };
}

function livedAt({ createdAt, endedAt }: ContainerMetrics, at: number): boolean {
  const hasBegun = at - Date.parse(createdAt) / 1_000 >= firstMeasuredAfterSeconds;
  return hasBegun && (endedAt === null || at < Date.parse(endedAt) / 1_000);
}

/** What those that were measured may use together. */
function limitsOf(containers: readonly ContainerMetrics[], length: number) {
  const limited = containers.filter(({ limit }) => limit !== null);
  const where = (measured: Points, limit: number) => measured.map((value) => (value === null ? null : limit));
  return {
    cpuLimitCores: sums(
      limited.map(({ cpuCores, limit }) => where(cpuCores, limit?.cpuCores ?? 0)),
      length,
    ),
    memoryLimitBytes: sums(
      limited.map(({ memoryBytes, limit }) => where(memoryBytes, limit?.memoryBytes ?? 0)),
      length,
    ),
  };
}

/** Null only where nothing at all was measured. */
function sums(rows: readonly Points[], length: number): Points {
  return Array.from({ length }, (_, index) => {
    const there = rows.flatMap((row) => row[index] ?? []);
    return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0);
  });
}

function readinessOf(
  changes: readonly ReadinessChange[],
  { stepSeconds }: TimeGrid,
  times: readonly number[],
): ServiceMetrics['readiness'] {
  const clusters = [...new Set(changes.map(({ cluster }) => cluster))].sort();
  return clusters.map((cluster) => {
    const own = changes.filter((change) => change.cluster === cluster);
    const points = times.map((at) => readinessAt(own, at - stepSeconds, at));
    return { cluster, ready: points.map((point) => point.ready), desired: points.map((point) => point.desired) };
  });
}

/** The fewest that were ready within (from, to], beginning with what was so at `from`. */
function readinessAt(changes: readonly ReadinessChange[], from: number, to: number) {
  const known = changes.filter(({ at }) => at.getTime() / 1_000 <= to);
  const before = known.findLast(({ at }) => at.getTime() / 1_000 <= from);
  const within = known.filter(({ at }) => at.getTime() / 1_000 > from);
  const last = known.at(-1);
  const counts = [before, ...within].flatMap((change) => change?.ready ?? []);
  const isSilent = last === undefined || last.ready === null;
  return { ready: isSilent ? null : Math.min(...counts), desired: last?.desired ?? null };
}

function restartsOf({ containers, grid }: MetricsInput): ServiceMetrics['restarts'] {
  return containers
    .flatMap(({ cluster, name, restartMarks }) =>
      restartMarks
        .filter((at) => at.getTime() / 1_000 >= grid.fromSeconds - grid.stepSeconds)
        .map((at) => ({ cluster, container: name, at: at.toISOString() })),
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(-mostRestarts);
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

/** A tenth of a millicore is as fine as anybody measures. */
function roundCores(cores: number): number {
  return Math.round(cores * 10_000) / 10_000;
}
