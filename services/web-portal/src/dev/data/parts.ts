import type { Container, Release, ServiceDetail } from '@berth/api';
import { ago, minute } from './basics.js';
import { people } from './people.js';
import { resolved, specFor } from './spec.js';

export function containersOf(service: ServiceDetail, past: boolean): Container[] {
  const bad: Container['state'] =
    service.state === 'down'
      ? 'crash_looping'
      : service.state === 'deploy_failed'
        ? 'image_error'
        : service.state === 'deploying'
          ? 'pulling'
          : service.state === 'changing'
            ? 'starting'
            : 'not_ready';
  return service.clusters.flatMap((row) =>
    Array.from(
      { length: past ? 2 : row.cluster === 'shanghai' && service.state === 'changing' ? row.desired - 1 : row.desired },
      (_, index): Container => {
        const ok = index < row.ready;
        const name = `${service.code}-${past ? '6f7c9' : '7d9f8c5b6'}-${row.cluster.slice(0, 2)}${index}${past ? 'old' : ''}`;
        return {
          uid: `${name}-uid`,
          name,
          cluster: row.cluster,
          state: past ? 'ended' : ok ? 'running' : bad,
          detail:
            past || ok
              ? null
              : bad === 'crash_looping'
                ? 'exit code 78'
                : bad === 'image_error'
                  ? 'manifest unknown: loan/h5:0.1.0'
                  : bad === 'not_ready'
                    ? 'GET :8080/ready 503'
                    : 'Pulling image 40 s',
          detailEnd:
            !past && !ok && bad === 'crash_looping'
              ? { exitCode: 78, signal: null, reason: null, message: null }
              : null,
          lastHeard: null,
          ready: ok && !past,
          restarts: bad === 'crash_looping' && !ok ? 7 : 0,
          release: past ? 2 : service.release,
          image: service.image,
          node: `${row.cluster}-node-1`,
          ip: `10.61.0.${20 + index}`,
          createdAt: ago((past ? 300 : 12) * minute),
          startedAt: ago((past ? 299 : 11.5) * minute),
          endedAt: past ? ago(13 * minute) : null,
          exitCode: past ? 0 : null,
          logKept: past && index === 0,
          lastEnd: bad === 'crash_looping' && !ok ? { reason: 'Error', exitCode: 78, at: ago(minute) } : null,
        };
      },
    ),
  );
}

export function releasesOf(service: ServiceDetail): Release[] {
  if (!service.spec || !service.image) return [];
  const isIll = service.state === 'down' || service.state === 'degraded';
  const versions = [
    service.image,
    service.image.replace(/:.*/, ':1.2-bad-probe'),
    service.image.replace(/:.*/, ':0.9'),
  ];
  const { target } = service;
  const failed: Release[] = target
    ? [
        {
          ...target,
          number: target.release,
          from: null,
          image: target.resolvedImage,
          rendererVersion: 1,
          cause: '新的健康检查',
          readyAt: null,
          readyAfterMs: null,
          live: false,
          lastGood: false,
          imageInRegistry: 'yes',
        },
      ]
    : [];
  const before = versions.map((image, index): Release => ({
    number: 3 - index,
    kind: index === 2 ? 'deploy' : 'upgrade',
    from: null,
    spec: {
      ...specFor(`registry.local/${image}`),
      ...(index === 2 && {
        size: { cpuMillis: 500, memoryMiB: 512 },
        variables: [{ name: 'LOG_LEVEL', value: 'debug' }],
      }),
    },
    image: resolved(image),
    rendererVersion: 1,
    actor: { id: people.dev.id, name: index === 1 ? '周航' : '林晓' },
    cause: index === 2 ? null : '修复查询超时',
    createdAt: ago((index + 1) * 55 * minute),
    readyAt: index === 1 ? null : ago((index + 1) * 55 * minute - 21_000),
    readyAfterMs: index === 1 ? null : 21_000,
    result: index === 1 ? 'failed' : 'available',
    operationId: '00000000-0000-4000-8000-000000000001',
    live: index === 0,
    lastGood: index === (isIll ? 2 : 0),
    imageInRegistry: index === 2 ? 'no' : 'yes',
  }));
  return [...failed, ...before];
}
