import { z } from 'zod';
import type {
  AccessAnswer,
  ApplyOptions,
  ClusterClient,
  KubeObject,
  ListOptions,
  ObjectRef,
  StoredObject,
} from './client.js';
import type { ClusterConnection } from './connection.js';
import { ClusterError, isClusterError } from './errors.js';
import { errorFromNetwork } from './failure.js';
import { parseJson } from './json.js';
import { resourcePath, resources, type Kind } from './kinds.js';
import { berthFieldManager } from './labels.js';
import { metadataSchema } from './metadata.js';
import { projectEvent } from './project-others.js';
import { defaultTuning, reflect, type ReflectorTuning } from './reflector.js';
import type { SlimEvent } from './slim.js';
import { httpSource, pageSchema } from './source.js';
import { createTransport, type CallRequest, type TransportLimits } from './transport.js';
import type { Watch } from './watch.js';

export interface ClusterClientOptions extends Partial<TransportLimits>, Partial<ReflectorTuning> {}

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  // A dry run of something new has no version yet.
  metadata: z.looseObject({ ...metadataSchema.shape, resourceVersion: z.string().default('') }),
});

const defaultLimits: TransportLimits = { timeoutMs: 15_000, maxBytes: 32 * 1024 * 1024 };

/**
 * A client of one real cluster. Nothing is sent before the first call.
 * Throws a ClusterError `unreachable` when CA, certificate or key cannot be read.
 */
export function createClusterClient(connection: ClusterConnection, options: ClusterClientOptions = {}): ClusterClient {
  const transport = openTransport(connection, { ...defaultLimits, ...options });
  const tuning = { ...defaultTuning, ...options };
  const watches = new Set<Watch>();

  const call = async <Schema extends z.ZodType>(request: CallRequest, schema: Schema): Promise<z.output<Schema>> => {
    const text = await transport.call(request);
    try {
      return parseJson(text, schema);
    } catch (error) {
      throw errorFromNetwork(error);
    }
  };

  const list = async (kind: Kind, { signal, namespace, limit = 250, ...rest }: ListOptions = {}) => {
    const path = resourcePath(kind, namespace);
    const { metadata, items } = await call({ method: 'GET', path, query: { ...rest, limit }, signal }, pageSchema);
    const { apiVersion } = resources[kind];
    return {
      // Rows of a list come without their kind.
      items: (items ?? []).map((item) => readObject({ apiVersion, kind, ...Object(item) })),
      resourceVersion: metadata.resourceVersion,
      ...(metadata.continue ? { continue: metadata.continue } : {}),
    };
  };

  return {
    list,
    get: ({ kind, namespace, name }, { signal } = {}) =>
      call({ method: 'GET', path: resourcePath(kind, namespace, name), signal }, objectSchema),

    apply: (object, applyOptions = {}) =>
      call(applyRequest(object, applyOptions), objectSchema).catch(asConflict(applyOptions)),

    remove: async (ref, { uid, resourceVersion, propagation, signal }) => {
      const preconditions = { uid, ...(resourceVersion ? { resourceVersion } : {}) };
      const value = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, propagationPolicy: propagation };
      await transport.call({ method: 'DELETE', path: pathOf(ref), body: { type: 'application/json', value }, signal });
    },

    patchLabels: (ref, labels, { signal, ...planned } = {}) => {
      const body = { type: 'application/merge-patch+json', value: { metadata: { labels, ...planned } } };
      const query = { fieldManager: berthFieldManager };
      return call({ method: 'PATCH', path: pathOf(ref), query, body, signal }, objectSchema).catch(asConflict(planned));
    },

    watch: (watchOptions) => {
      const watch = reflect(httpSource(transport, watchOptions), watchOptions, tuning);
      watches.add(watch);
      const stop = () => {
        watches.delete(watch);
        return watch.stop();
      };
      return { ...watch, stop };
    },

    logs: async (namespace, pod, { signal, ...options } = {}) => {
      const path = `${resourcePath('Pod', namespace, pod)}/log`;
      const log = await transport.stream({ method: 'GET', path, query: { ...options }, signal });
      if (log.statusCode !== 204) return log;
      // Until a node has taken the pod this is the answer; a moment later it is 400 with words.
      log.resume();
      throw new ClusterError('invalid', `pod "${pod}" is not on a node yet`, { status: 204 });
    },

    events: async (namespace, eventOptions = {}) => {
      const found: SlimEvent[] = [];
      let token: string | undefined;
      do {
        const page = await list('Event', {
          ...eventOptions,
          namespace,
          limit: 500,
          ...(token ? { continue: token } : {}),
        });
        found.push(...page.items.map(projectEvent));
        token = page.continue;
      } while (token !== undefined && found.length < maxEvents);
      // Pages come by name, so the newest are only known at the end.
      return found.sort((a, b) => (b.lastSeen ?? '').localeCompare(a.lastSeen ?? '')).slice(0, 500);
    },

    version: ({ signal } = {}) => call({ method: 'GET', path: '/version', signal }, versionSchema),

    accessReview: (rules, { signal } = {}) =>
      Promise.all(
        rules.map(async (rule): Promise<AccessAnswer> => {
          const value = {
            apiVersion: 'authorization.k8s.io/v1',
            kind: 'SelfSubjectAccessReview',
            spec: { resourceAttributes: rule },
          };
          const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
          const body = { type: 'application/json', value };
          const { status } = await call({ method: 'POST', path, body, signal }, reviewSchema);
          return { rule, allowed: status.allowed, reason: status.reason ?? '' };
        }),
      ),

    close: async () => {
      await Promise.all([...watches].map((watch) => watch.stop()));
      transport.close();
    },
  };
}

const maxEvents = 5_000;
const versionSchema = z.object({ gitVersion: z.string(), platform: z.string() });
const reviewSchema = z.object({ status: z.object({ allowed: z.boolean(), reason: z.string().optional() }) });

function openTransport(connection: ClusterConnection, limits: TransportLimits) {
  try {
    return createTransport(connection, limits);
  } catch (error) {
    throw errorFromNetwork(error);
  }
}

function readObject(value: unknown): StoredObject {
  return objectSchema.parse(value);
}

function pathOf({ kind, namespace, name }: ObjectRef): string {
  return resourcePath(kind, namespace, name);
}

function applyRequest(object: KubeObject, options: ApplyOptions): CallRequest {
  const { fieldManager = berthFieldManager, force = true, resourceVersion, uid, dryRun, signal } = options;
  const planned = { ...(resourceVersion ? { resourceVersion } : {}), ...(uid ? { uid } : {}) };
  return {
    method: 'PATCH',
    path: resourcePath(object.kind, object.metadata.namespace, object.metadata.name),
    // A field that the cluster does not know is a mistake of ours: it must be told, not dropped.
    query: { fieldManager, force, fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined },
    body: { type: 'application/apply-patch+yaml', value: { ...object, metadata: { ...object.metadata, ...planned } } },
    signal,
  };
}

/** Some ways of "it is not what you planned from" come as other words than 409. */
function asConflict(planned: { readonly uid?: string; readonly resourceVersion?: string }) {
  return (error: unknown): never => {
    const isPlanned = planned.uid !== undefined || planned.resourceVersion !== undefined;
    const isOther = isClusterError(error, 'invalid') && /metadata\.uid|resourceVersion/.test(error.message);
    if (isPlanned && isOther) throw new ClusterError('conflict', error.message, { cause: error });
    throw error;
  };
}
