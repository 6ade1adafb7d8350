import {
  parseServiceKey,
  serviceKey,
  type OperationKind,
  type PlacementPolicy,
  type ServiceSpec,
} from '@berth/contracts';
import { refuse, type Answers, type Call } from '../call.js';
import { detailOf, serviceAt, services } from '../data/services.js';
import { people } from '../data/people.js';
import { registryCredentials, tryOf } from '../data/why.js';
import { operate } from './operate.js';

function setReplicas(key: string, total: number): void {
  const service = services.get(key);
  if (!service?.placement) return;
  const first = Math.ceil(total / 2);
  const clusters = service.clusters.map((row, index) => ({
    ...row,
    desired: index ? total - first : first,
    ready: index ? total - first : first,
  }));
  services.set(key, {
    ...service,
    desired: total,
    ready: total,
    clusters,
    placement: { ...service.placement, total },
  });
}

function setPolicy(key: string, policy: PlacementPolicy): void {
  const service = services.get(key);
  if (service?.placement) services.set(key, { ...service, placement: { ...service.placement, policy } });
}

function setPaused(key: string, paused: boolean): void {
  const service = services.get(key);
  if (!service) return;
  const operationId = '00000000-0000-4000-8000-000000000001';
  const pause = { actor: people.admin, at: new Date().toISOString(), cause: '手工排查', operationId };
  services.set(key, { ...service, paused, pause: paused ? pause : null });
}

const change = (kind: OperationKind, act: (key: string, call: Call) => void) => (call: Call) => {
  const service = serviceAt(call);
  const key = serviceKey(parseServiceKey(`${service.project}/${service.environment}/${service.code}`));
  return operate(kind, key, call.body.cause, () => act(key, call));
};
function deploy(call: Call) {
  const body = call.body as { code: string; name: string; spec: ServiceSpec; replicas: number; cause?: string };
  const key = `${call.params.project}/${call.params.environment}/${body.code}`;
  if (services.get(key)?.uid)
    refuse('name_taken', { service: body.code, scope: `${call.params.project}/${call.params.environment}` });
  if (body.spec.size.cpuMillis > 4000)
    refuse('no_capacity', { replicas: body.replicas, ...body.spec.size }, [
      {
        path: 'beijing',
        code: 'too_little_cpu',
        message: '',
        params: { asked: body.spec.size.cpuMillis, free: 2250, fits: 0 },
      },
    ]);
  const half = Math.ceil(body.replicas / 2);
  services.set(key, {
    ...detailOf(
      {
        key,
        name: body.name,
        state: 'deploying',
        image: body.spec.image,
        desired: [half, body.replicas - half],
        ready: [0, 0],
      },
      1,
    ),
    spec: body.spec,
  });
  return operate('service.deploy', key, body.cause, () => {
    const service = services.get(key);
    if (service)
      services.set(key, {
        ...service,
        state: 'running',
        ready: service.desired,
        clusters: service.clusters.map((row) => ({ ...row, ready: row.desired })),
      });
  });
}

/** What changes services. */
export const changes: Answers = {
  putSecret: (call) => ({ name: call.params.name, version: 1, createdAt: new Date().toISOString() }),
  putRegistryCredential: (call) => ({ ...registryCredentials[0], ...call.body, password: undefined, ...call.params }),
  deleteRegistryCredential: (call) =>
    registryCredentials.some((row) => row.name === call.params.name && row.usedBy.length > 0)
      ? refuse('credential_in_use', { name: call.params.name ?? '', services: 'home-web' })
      : { name: call.params.name },
  tryService: (call) => tryOf(serviceAt(call), Number(call.body.port)),
  deployService: deploy,
  upgradeService: (call) =>
    call.ifMatch !== '"5"'
      ? refuse('stale_version', { seen: 4, current: 5 })
      : change('service.upgrade', () => undefined)(call),
  rollbackService: change('service.rollback', () => undefined),
  restartService: change('service.restart', () => undefined),
  pauseService: change('service.pause', (key) => setPaused(key, true)),
  resumeService: change('service.resume', (key) => setPaused(key, false)),
  stopService: change('service.stop', (key) => setReplicas(key, 0)),
  startService: change('service.start', (key) => setReplicas(key, 2)),
  scaleService: change('service.scale', (key, call) => setReplicas(key, Number(call.body.replicas))),
  splitService: change('service.split', (key, call) => setPolicy(key, call.body.policy as PlacementPolicy)),
  deleteService: change('service.delete', (key) => services.delete(key)),
};
