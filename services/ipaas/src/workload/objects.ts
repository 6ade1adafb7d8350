import { berthAnnotations, berthLabels, type KubeObject } from '@berth/clients/kubernetes';
import { parseServiceKey, namespaceOf } from '@berth/contracts';
import { clusterPlaceholder, clusterVariable } from './pod-template.js';
import type { RenderedRelease } from './render.js';

/** What a service shall be in one cluster: the row of A's table with what its release was rendered to. */
export interface Target {
  readonly serviceUid: string;
  readonly cluster: string;
  readonly key: string;
  readonly epoch: number;
  readonly generation: number;
  readonly release: number;
  readonly replicas: number;
  readonly restartToken: string | null;
  readonly halted: boolean;
  readonly phase: 'run' | 'remove';
  /** Nothing is written for it unless it is to be removed. */
  readonly paused: boolean;
  readonly rendered: RenderedRelease;
}

/** On the Deployment and on its template, so that a new token rolls the containers. */
export const restartAnnotation = 'berth.dev/restart-token';

/** Where the objects of a service are. */
export function placeOf(key: string): { namespace: string; name: string } {
  const scope = parseServiceKey(key);
  return { namespace: namespaceOf(scope), name: scope.service };
}

/** Labels without which a namespace is not ours, or not as restricted as it must be. */
export function namespaceLabels(key: string, installationId: string): Record<string, string> {
  const { project, environment } = parseServiceKey(key);
  return {
    'app.kubernetes.io/managed-by': 'berth',
    [berthLabels.installation]: installationId,
    'berth.dev/project': project,
    'berth.dev/environment': environment,
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
  };
}

/** Annotations that say which decision a Deployment carries; none of them touches its pods. */
export function decisionAnnotations(target: Target): Record<string, string> {
  return {
    [berthAnnotations.templateHash]: target.rendered.podTemplateHash,
    [berthAnnotations.generation]: String(target.generation),
    [berthAnnotations.epoch]: String(target.epoch),
    ...(target.restartToken !== null && { [restartAnnotation]: target.restartToken }),
  };
}

/**
 * The rendered Deployment with what belongs to this cluster and moment. Nothing is added to the template that the
 * rendering did not foresee, so a newer planner restarts nothing.
 */
export function deploymentOf(target: Target): KubeObject {
  const { deployment } = target.rendered;
  const spec = asTree(deployment['spec']);
  return {
    ...deployment,
    metadata: { ...deployment.metadata, annotations: decisionAnnotations(target) },
    spec: { ...spec, replicas: target.replicas, paused: target.halted, template: templateOf(target, spec['template']) },
  };
}

/** Image of the container as rendered. */
export function imageOf({ deployment }: RenderedRelease): string | undefined {
  const image = containersOf(asTree(asTree(deployment['spec'])['template']))[0]?.['image'];
  return typeof image === 'string' ? image : undefined;
}

type Tree = Readonly<Record<string, unknown>>;

function templateOf({ cluster, restartToken }: Target, rendered: unknown): Tree {
  const template = asTree(rendered);
  const containers = containersOf(template).map((container) => ({ ...container, env: envOf(container, cluster) }));
  return {
    ...template,
    ...(restartToken !== null && {
      metadata: { ...asTree(template['metadata']), annotations: { [restartAnnotation]: restartToken } },
    }),
    spec: { ...asTree(template['spec']), containers },
  };
}

function envOf(container: Tree, cluster: string): unknown[] {
  const env = Array.isArray(container['env']) ? container['env'].map(asTree) : [];
  return env.map((row) =>
    row['name'] === clusterVariable && row['value'] === clusterPlaceholder ? { ...row, value: cluster } : row,
  );
}

function containersOf(template: Tree): Tree[] {
  const containers = asTree(template['spec'])['containers'];
  return Array.isArray(containers) ? containers.map(asTree) : [];
}

function asTree(value: unknown): Tree {
  return typeof value === 'object' && value !== null ? (value as Tree) : {};
}
