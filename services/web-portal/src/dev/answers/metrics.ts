import type { NodeUsageAnswer, Points, ServiceMetrics, ServiceUsageAnswer, Topology } from '@berth/api';
import type { Answers, Call } from '../call.js';
import { uuid } from '../data/basics.js';
import { containersOf } from '../data/parts.js';
import { serviceAt, services } from '../data/services.js';

const GiB = 2 ** 30;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** A curve that is the same for the same seed and time, so that it goes on instead of jumping. */
function wave(seed: number, at: number): number {
  return (
    0.5 + 0.25 * Math.sin(at / 180 + seed) + 0.15 * Math.sin(at / 47 + seed * 3) + 0.08 * Math.sin(at / 13 + seed * 7)
  );
}

const summed = (rows: Points[], length: number): Points =>
  Array.from({ length }, (_, index) => {
    const there = rows.flatMap((row) => row[index] ?? []);
    return there.length ? there.reduce((sum, value) => sum + value, 0) : null;
  });

function metrics(call: Call): ServiceMetrics {
  const now = Math.floor(Date.now() / 1000);
  const from = Math.floor(Date.parse(call.query.get('from') ?? iso(now - 3600)) / 1000);
  const stepSeconds = [10, 15, 30, 60, 120, 300].find((step) => (now - from) / step <= 300) ?? 300;
  const to = Math.floor(now / stepSeconds) * stepSeconds;
  const first = Math.ceil(from / stepSeconds) * stepSeconds;
  const times = Array.from({ length: (to - first) / stepSeconds + 1 }, (_, index) => first + index * stepSeconds);
  const upgraded = to - (to - first) * 0.35;
  const restarted = to - (to - first) * 0.15;
  const service = serviceAt(call);
  const names = [...containersOf(service, false), ...containersOf(service, true)].slice(0, 8);
  const containers = names.map((container, seed) => {
    const isPast = container.endedAt !== null;
    const lives = (at: number) => (isPast ? at <= upgraded : at >= upgraded - 60);
    const isGap = (at: number) => seed === 0 && at > restarted && at < restarted + stepSeconds * 8;
    const points = (value: (at: number) => number): Points =>
      times.map((at) => (lives(at) && !isGap(at) ? value(at) : null));
    return {
      cluster: container.cluster,
      container: container.name,
      release: container.release,
      createdAt: iso(isPast ? first - 999 + seed : upgraded - 60 + seed),
      endedAt: isPast ? iso(upgraded) : null,
      limit: { cpuCores: 1, memoryBytes: GiB },
      cpuCores: points((at) => Math.round(wave(seed, at) * 6000) / 10_000),
      memoryBytes: points((at) =>
        Math.round((0.5 + 0.2 * wave(seed, at / 9) + (seed === 1 ? (at - upgraded) / 40_000 : 0)) * GiB),
      ),
    };
  });
  const length = times.length;
  const sumOf = (rows: typeof containers) => ({
    cpuCores: summed(
      rows.map((row) => row.cpuCores),
      length,
    ),
    memoryBytes: summed(
      rows.map((row) => row.memoryBytes),
      length,
    ),
  });
  const clusters = [...new Set(containers.map((row) => row.cluster))].sort();
  const limits = (limit: number) =>
    summed(
      containers.map((row) => row.cpuCores.map((value) => (value === null ? null : limit))),
      length,
    );
  return {
    from: iso(first),
    to: iso(to),
    stepSeconds,
    times,
    containers,
    omittedContainers: 0,
    clusters: clusters.map((cluster) => ({ cluster, ...sumOf(containers.filter((row) => row.cluster === cluster)) })),
    total: { ...sumOf(containers), cpuLimitCores: limits(1), memoryLimitBytes: limits(GiB) },
    readiness: clusters.map((cluster, index) => ({
      cluster,
      ready: times.map((at) => (index === 0 && at > restarted && at < restarted + stepSeconds * 8 ? 1 : 2)),
      desired: times.map(() => 2),
    })),
    restarts: [0, 1, 2].map((index) => ({
      cluster: clusters[0] ?? 'beijing',
      container: names[0]?.name ?? '',
      at: iso(restarted + index * stepSeconds * 2.4),
    })),
    marks: [
      { at: iso(upgraded - 60), kind: 'service.upgrade', release: 8, operationId: uuid(), state: 'succeeded' },
      { at: iso(restarted - 40), kind: 'service.restart', release: null, operationId: uuid(), state: 'failed' },
    ],
    problem: null,
  };
}

const timesOfHalfAnHour = () => {
  const last = Math.floor(Date.now() / 60_000) * 60;
  return Array.from({ length: 30 }, (_, index) => last - (29 - index) * 60);
};

function historyOf(seed: number, times: number[]) {
  return {
    cpuCores: times.map((at) => Math.round(wave(seed, at) * 6000) / 10_000),
    memoryBytes: times.map((at) => Math.round((0.4 + 0.2 * wave(seed, at / 9)) * GiB)),
  };
}

function serviceUsage(call: Call): ServiceUsageAnswer {
  const wanted = call.query.get('services')?.split(',');
  const times = timesOfHalfAnHour();
  const items = [...services.values()]
    .filter((row) => !wanted || wanted.includes(`${row.project}/${row.environment}/${row.code}`))
    .map((row, seed) => {
      const history = historyOf(seed, times);
      return {
        project: row.project,
        environment: row.environment,
        service: row.code,
        cpuCores: history.cpuCores.at(-1) ?? null,
        memoryBytes: history.memoryBytes.at(-1) ?? null,
        cpuLimitCores: row.desired,
        memoryLimitBytes: row.desired * GiB,
        history,
      };
    });
  return { items, times, dataAsOf: new Date().toISOString(), problem: null };
}

function nodeUsage(): NodeUsageAnswer {
  const times = timesOfHalfAnHour();
  const items = ['beijing', 'shanghai'].flatMap((cluster, index) => {
    const history = historyOf(index, times);
    const node = `${cluster}-1`;
    return [
      {
        cluster,
        node,
        cpuCores: history.cpuCores.at(-1) ?? null,
        memoryBytes: history.memoryBytes.at(-1) ?? null,
        history,
      },
    ];
  });
  return { items, times, dataAsOf: new Date().toISOString(), problem: null };
}

/** Forty nodes in two clusters, with the containers of every service of the fixture. */
function topology(call: Call): Topology {
  const project = call.query.get('project');
  const shown = [...services.values()].filter((row) => row.uid !== null && (!project || row.project === project));
  const containers = shown.flatMap((row, service) =>
    containersOf(row, false).map((container, index) => ({
      cluster: container.cluster,
      node: container.state === 'pending' ? null : `${container.cluster}-${((service * 7 + index * 3) % 20) + 1}`,
      service,
      name: container.name,
      state: container.state,
      restarts: container.restarts,
      release: container.release,
    })),
  );
  const names = shown.map(({ project: slug, environment, code, name }) => ({ project: slug, environment, code, name }));
  return { services: names, containers, dataAsOf: new Date().toISOString() };
}

export const measured: Answers = {
  getServiceMetrics: metrics,
  listServiceUsage: serviceUsage,
  listNodeUsage: nodeUsage,
  getTopology: topology,
};
