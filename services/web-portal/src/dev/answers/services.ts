import type { ServiceListItem } from '@berth/api';
import type { KnownImage } from '@berth/api';
import { refuse, page, type Answers, type Call } from '../call.js';
import { ago } from '../data/basics.js';
import { containersOf, releasesOf } from '../data/parts.js';
import { catalog } from '../data/projects.js';
import { serviceAt, services } from '../data/services.js';
import { resolved } from '../data/spec.js';
import { registryCredentials, whyOf, withoutLines } from '../data/why.js';

const tags = ['1.2-bad-probe', '1.1', '1.0'];
const manyTags = Array.from({ length: 40 }, (_, index) => `2.${40 - index}.0`);
const known = (from: KnownImage['from'], repository: string, versions: readonly string[]): KnownImage => ({
  repository,
  from,
  versions: versions.map((tag) => ({ tag, image: `${repository}:${tag}` })),
});
const images = [
  known('project', 'registry.local/wealth/account-api', ['2.4.1']),
  known('offered', 'samples/web', tags),
  known('elsewhere', 'registry.local/pay/cashier', ['5.13.0-rc1', '5.12.0']),
];

function resolve(call: Call) {
  const image = String(call.body.image);
  if (/\s/.test(image)) refuse('image_invalid', { image });
  if (image.includes('private')) refuse('image_unauthorized', { image });
  if (image.includes('arm')) refuse('image_wrong_architecture', { image, architectures: 'arm64', wanted: 'amd64' });
  if (image.startsWith('down')) refuse('registry_unreachable', { registry: 'down.local', cause: 'connection refused' });
  const tag = image.split(':')[1];
  if (!image.includes('/') || (tag !== undefined && image.startsWith('samples') && !tags.includes(tag)))
    refuse(
      'image_not_found',
      { image },
      image.includes('/')
        ? tags.map((name) => ({ path: 'spec.image', code: 'tag_exists', message: '', params: { tag: name } }))
        : [],
    );
  return {
    image: resolved(image.includes(':') ? image : `${image}:1.0`),
    tags: image.startsWith('samples') ? tags : manyTags,
  };
}

function preview(call: Call) {
  const { replicas, size } = call.body as { replicas: number; size: { cpuMillis: number; memoryMiB: number } };
  const first = Math.ceil(replicas / 2);
  const tooLarge = size.cpuMillis > 4000;
  return {
    placeable: !tooLarge,
    request: { cpuMillis: Math.ceil(size.cpuMillis / 4), memoryMiB: Math.ceil(size.memoryMiB / 4) },
    clusters: ['beijing', 'shanghai'].map((cluster, index) => ({
      cluster,
      displayName: index ? '上海' : '北京',
      replicas: tooLarge ? 0 : index ? replicas - first : first,
      reason: tooLarge
        ? { code: 'too_little_cpu', params: { asked: size.cpuMillis, free: 2250, fits: 0 } }
        : { code: 'even_share', params: { from: 0, fits: 9, freePercent: 41 } },
      freeCpuMillis: 2250,
      freeMemoryMiB: 4720,
    })),
  };
}

const urgency = ['down', 'deploy_failed', 'unknown', 'degraded'];
const environments = ['prod', 'staging', 'test', 'dev'];
const rankOf = (row: ServiceListItem) => environments.indexOf(row.environment) * 10 + urgency.indexOf(row.state);

function isOf(row: ServiceListItem, call: Call): boolean {
  const owners = call.query.get('owner')?.split(',');
  return !owners || owners.includes(row.owner ?? '') || row.lastChange?.actor.id === call.query.get('changedBy');
}

function list(call: Call) {
  const search = call.query.get('search') ?? '';
  const inScope = [...services.values()].filter(
    (row) =>
      (!call.query.get('project') || row.project === call.query.get('project')) &&
      (!call.query.get('environment') || row.environment === call.query.get('environment')) &&
      (!call.query.get('code') || row.code === call.query.get('code')) &&
      `${row.code}${row.name}`.includes(search) &&
      isOf(row, call),
  );
  const counts: Record<string, number> = {};
  for (const row of inScope) counts[row.state] = (counts[row.state] ?? 0) + 1;
  const shown = inScope.filter(
    (row) => !call.query.get('state') || call.query.get('state')?.split(',').includes(row.state),
  );
  if (call.query.get('order') === 'urgency') shown.sort((a, b) => rankOf(a) - rankOf(b));
  const from = Number(call.query.get('continue') ?? 0);
  const limit = Number(call.query.get('limit') ?? 50);
  return {
    items: shown.slice(from, from + limit),
    continue: from + limit < shown.length ? String(from + limit) : null,
    counts,
    dataAsOf: new Date().toISOString(),
  };
}

/** What is asked of services. */
export const serviceReads: Answers = {
  previewPlacement: preview,
  listServices: list,
  getService: serviceAt,
  listReleases: (call) => page(releasesOf(serviceAt(call))),
  listContainers: (call) => page(containersOf(serviceAt(call), call.query.get('past') === 'true')),
  listEvents: (call) => ({
    silentClusters: serviceAt(call).state === 'unknown' ? ['shanghai'] : [],
    ...page([
      {
        cluster: 'beijing',
        object: `${serviceAt(call).code}-7d9f8c5b6-be0`,
        kind: 'Pod',
        type: 'Warning',
        reason: 'BackOff',
        message: 'Back-off restarting failed container app in pod',
        count: 14,
        firstAt: ago(600_000),
        lastAt: ago(4000),
      },
      {
        cluster: 'shanghai',
        object: 'x',
        kind: 'Pod',
        type: 'Normal',
        reason: 'Pulled',
        message: 'Successfully pulled image in 1.2 s',
        count: 1,
        firstAt: null,
        lastAt: ago(90_000),
      },
    ]),
  }),
  listSecrets: () => page([]),
  explainService: (call) => withoutLines(whyOf(serviceAt(call))),
  explainServiceWithLog: (call) => whyOf(serviceAt(call)),
  listRegistryCredentials: () => page(registryCredentials),
  resolveImage: resolve,
  listImages: () => page(images),
  checkName: (call) => ({
    free: !services.get(`${call.params.project}/${call.params.environment}/${call.params.service}`)?.uid,
    registered: catalog.some((row) => row.code === call.params.service),
    problem: null,
  }),
};
