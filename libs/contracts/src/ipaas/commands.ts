import { z } from 'zod';
import { commandStream, defineCommand } from '../kernel/define.js';
import { ServiceKey, Uid } from '../kernel/names.js';
import { OperationKind } from '../kernel/operation.js';
import { Replicas, ResolvedImage, tolerant } from '../kernel/spec.js';

const services = commandStream('ipaas', 'service', ['gateway', 'dolphinsync']);

const cause = z.string().max(500).optional();
/** The service's `specVersion` that the user saw; another one means a newer change came first. */
const ifVersion = z.number().int().nonnegative();

export const deployService = defineCommand('ipaas', {
  type: 'ipaas.service.deploy.v1',
  stream: services,
  schema: z.object({
    key: ServiceKey,
    /** Incarnation, chosen by the sender so that a repeat makes the same service. */
    uid: Uid,
    name: z.string().min(1).max(100),
    spec: tolerant.ServiceSpec,
    image: ResolvedImage,
    replicas: Replicas,
    policy: tolerant.PlacementPolicy,
    cause,
  }),
  key: (data) => data.key,
  summary: 'First deploy of a service in one environment. Refused when the name is taken or no cluster has room.',
});

export const upgradeService = defineCommand('ipaas', {
  type: 'ipaas.service.upgrade.v1',
  stream: services,
  schema: z.object({ key: ServiceKey, uid: Uid, ifVersion, spec: tolerant.ServiceSpec, image: ResolvedImage, cause }),
  key: (data) => data.key,
  summary: 'New release: rolling upgrade to another image, size, variables or probes. The replicas stay as they are.',
});

export const rollbackService = defineCommand('ipaas', {
  type: 'ipaas.service.rollback.v1',
  stream: services,
  schema: z.object({ key: ServiceKey, uid: Uid, ifVersion, toRelease: z.number().int().positive(), cause }),
  key: (data) => data.key,
  summary: 'New release with the content of an earlier one. Never restores replicas or placement.',
});

export const restartService = defineCommand('ipaas', {
  type: 'ipaas.service.restart.v1',
  stream: services,
  schema: z.object({ key: ServiceKey, uid: Uid, cause }),
  key: (data) => data.key,
  summary: 'Replaces every container one after another, same release.',
});

export const pauseService = defineCommand('ipaas', {
  type: 'ipaas.service.pause.v1',
  stream: services,
  schema: z.object({ key: ServiceKey, uid: Uid, cause }),
  key: (data) => data.key,
  summary: 'Stops writing to the clusters of a service; what others change there stays and is shown.',
});

export const resumeService = defineCommand('ipaas', {
  type: 'ipaas.service.resume.v1',
  stream: services,
  schema: z.object({ key: ServiceKey, uid: Uid, cause }),
  key: (data) => data.key,
  summary: 'Takes a paused service back into hand: its clusters are brought to what is desired.',
});

export const deleteService = defineCommand('ipaas', {
  type: 'ipaas.service.delete.v1',
  stream: services,
  schema: z.object({ key: ServiceKey, uid: Uid, cause }),
  key: (data) => data.key,
  summary: 'Removes a service from every cluster. An unreachable cluster keeps one tombstone until it answers.',
});

export const cancelServiceOperation = defineCommand('ipaas', {
  type: 'ipaas.service.cancel.v1',
  stream: services,
  schema: z.object({ key: ServiceKey, operationId: Uid, kind: OperationKind, cause }),
  key: (data) => data.key,
  summary:
    'Cancels a running deploy, upgrade, rollback or restart: what served before serves. Too late changes nothing.',
});
