import { parseServiceKey, namespaceOf, type ResolvedImage, type ServiceSpec } from '@berth/contracts';
import { berthAnnotations, berthLabels, type KubeObject } from '@berth/clients/kubernetes';
import { clusterPlaceholder, clusterVariable, podTemplate, secretsOf, type SecretUse } from './pod-template.js';
import { contentHash } from './stable-hash.js';

/**
 * Version of the rules below. Raise it with every change of what they produce: releases keep what they were rendered
 * with, so a new version touches only releases that are made after it.
 */
export const RENDERER_VERSION = 2;

export interface RenderInput {
  /** `shop/prod/cart`. */
  readonly key: string;
  readonly uid: string;
  /** The service's name for people; not in any object, because renaming must restart nothing. */
  readonly name: string;
  readonly release: number;
  readonly spec: ServiceSpec;
  readonly image: ResolvedImage;
  /** Share of the size that is reserved: `requestRatioOf(environment)`. */
  readonly requestRatio: number;
  readonly installationId: string;
}

/**
 * Everything of a release that goes to clusters, frozen when the release is made. The planner adds what belongs to a
 * cluster or a moment: replicas, restart token, paused, epoch and generation, and the cluster's name.
 */
export interface RenderedRelease {
  readonly rendererVersion: number;
  readonly deployment: KubeObject;
  /** Null for a service without ports. NodePort, so that clients outside of the cluster reach it in clusters whose pods they cannot. */
  readonly service: KubeObject | null;
  readonly podTemplateHash: string;
  readonly secrets: readonly SecretUse[];
}

/** Renders a release; pure, the same input gives the same bytes. */
export function renderRelease(input: RenderInput): RenderedRelease {
  const { key, uid, spec } = input;
  const scope = parseServiceKey(key);
  const namespace = namespaceOf(scope);
  const labels = objectLabels(input);
  const template = podTemplate({
    ...input,
    labels: { ...labels, [berthLabels.rotation]: 'in' },
    identity: {
      BERTH_PROJECT: scope.project,
      BERTH_ENVIRONMENT: scope.environment,
      BERTH_SERVICE: scope.service,
      BERTH_RELEASE: String(input.release),
      [clusterVariable]: clusterPlaceholder,
    },
  });
  const podTemplateHash = contentHash(template);
  return {
    rendererVersion: RENDERER_VERSION,
    podTemplateHash,
    secrets: secretsOf(spec, uid, scope.service),
    service: spec.ports.length === 0 ? null : serviceObject(input, namespace, scope.service),
    deployment: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: scope.service,
        namespace,
        labels,
        annotations: { [berthAnnotations.templateHash]: podTemplateHash },
      },
      spec: {
        revisionHistoryLimit: 2,
        progressDeadlineSeconds: spec.rolloutDeadlineSeconds,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        selector: { matchLabels: selectorOf(uid) },
        template,
      },
    },
  };
}

/** A container that loses the rotation label is out of balancing, is replaced, and lives on for whoever looks at it. */
function selectorOf(uid: string): Record<string, string> {
  return { [berthLabels.serviceUid]: uid, [berthLabels.rotation]: 'in' };
}

function objectLabels({ key, uid, release, installationId }: RenderInput): Record<string, string> {
  const { project, environment, service } = parseServiceKey(key);
  return {
    'app.kubernetes.io/name': service,
    'app.kubernetes.io/instance': `${project}-${environment}-${service}`.slice(0, 63).replace(/-+$/, ''),
    'app.kubernetes.io/part-of': project,
    'app.kubernetes.io/managed-by': 'berth',
    [berthLabels.installation]: installationId,
    [berthLabels.serviceUid]: uid,
    [berthLabels.release]: String(release),
    'berth.dev/service': service,
    'berth.dev/project': project,
    'berth.dev/environment': environment,
  };
}

/** Its labels leave the release out: a Service object outlives releases and changes only with the ports. */
function serviceObject(input: RenderInput, namespace: string, name: string): KubeObject {
  const labels = Object.fromEntries(Object.entries(objectLabels(input)).filter(([key]) => key !== berthLabels.release));
  const spec = {
    type: 'NodePort',
    selector: selectorOf(input.uid),
    ports: input.spec.ports.map(({ name: portName, port, protocol }) => ({
      name: portName,
      port,
      targetPort: port,
      protocol: 'TCP',
      ...(protocol === 'HTTP' && { appProtocol: 'http' }),
    })),
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels, annotations: { [berthAnnotations.templateHash]: contentHash(spec) } },
    spec,
  };
}
