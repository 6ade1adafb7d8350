import type { ResponseOf, routes } from '@berth/api';
import {
  berthLabels,
  isClusterError,
  projectNamespace,
  projectNode,
  type AccessAnswer,
  type AccessRule,
  type ClusterClient,
  type SlimNamespace,
  type SlimNode,
} from '@berth/clients/kubernetes';
import { environmentNames } from '@berth/contracts';

export type ClusterCredential = ResponseOf<typeof routes.sealClusterCredential>;
export type Check = ClusterCredential['checks'][number];

/** What a cluster said to our questions; undefined where it did not answer that one. */
export interface ClusterAnswers {
  readonly version: string;
  readonly access: readonly AccessAnswer[];
  readonly nodes: readonly SlimNode[] | null;
  readonly namespaces: readonly SlimNamespace[] | null;
  readonly storageClasses: readonly { readonly name: string; readonly isDefault: boolean }[] | null;
}

const oldestMinor = 30;
const read = ['get', 'list', 'watch'] as const;

function rules(group: string, resource: string, verbs: readonly string[]): AccessRule[] {
  return verbs.map((verb) => ({ verb, group, resource }));
}

/** What we do in every namespace, or in the cluster as a whole. */
const needed: readonly AccessRule[] = [
  ...rules('', 'namespaces', [...read, 'create', 'patch']),
  ...rules('', 'nodes', ['list', 'watch']),
  ...rules('', 'pods', ['list', 'watch']),
  ...rules('', 'services', ['list', 'watch']),
  ...rules('', 'events', ['list']),
  ...rules('apps', 'deployments', ['list', 'watch']),
];
/** Writing needs either rights everywhere, or the right to bind them in our own namespaces. */
const writing: readonly AccessRule[] = [
  ...rules('apps', 'deployments', ['create', 'patch', 'delete']),
  ...rules('', 'services', ['create', 'patch', 'delete']),
  ...rules('', 'secrets', ['get', 'list', 'create', 'patch', 'delete']),
  { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
];
const binding: readonly AccessRule[] = rules('rbac.authorization.k8s.io', 'rolebindings', ['create', 'patch']);

/** Every question about rights, for one round. */
export const accessRules: readonly AccessRule[] = [...needed, ...writing, ...binding];

/** Asks a cluster everything the check table needs. @throws ClusterError when it does not answer at all, or refuses us. */
export async function askCluster(client: ClusterClient, signal: AbortSignal): Promise<ClusterAnswers> {
  const { gitVersion } = await client.version({ signal });
  const access = await client.accessReview(accessRules, { signal });
  const [nodes, namespaces, storageClasses] = await Promise.all([
    answered(client.list('Node', { limit: 500, signal }).then(({ items }) => items.map(projectNode))),
    answered(client.list('Namespace', { limit: 500, signal }).then(({ items }) => items.map(projectNamespace))),
    answered(client.list('StorageClass', { limit: 100, signal }).then(({ items }) => items.map(storageClass))),
  ]);
  return { version: gitVersion, access, nodes, namespaces, storageClasses };
}

async function answered<T>(question: Promise<T>): Promise<T | null> {
  try {
    return await question;
  } catch (error) {
    if (isClusterError(error, 'forbidden', 'not_found')) return null;
    throw error;
  }
}

function storageClass({ metadata }: { metadata: { name: string; annotations?: Readonly<Record<string, string>> } }) {
  const isDefault = metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  return { name: metadata.name, isDefault };
}

/** The check table of a cluster that answers; pure. `failed` rows keep it from being joined. */
export function checksOf(answers: ClusterAnswers, installationId: string, projectSlugs: readonly string[]): Check[] {
  return [
    { name: 'reachable', state: 'ok', detail: 'it answers over verified TLS' },
    versionCheck(answers.version),
    rightsCheck(answers.access),
    nodesCheck(answers.nodes),
    storageCheck(answers.storageClasses),
    foreignCheck(answers.namespaces, installationId, projectSlugs),
  ];
}

function versionCheck(version: string): Check {
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const isEnough = Number(major) > 1 || Number(minor) >= oldestMinor;
  const detail = isEnough ? version : `${version}; at least v1.${oldestMinor} is needed`;
  return { name: 'version', state: isEnough ? 'ok' : 'failed', detail };
}

function rightsCheck(access: readonly AccessAnswer[]): Check {
  const allowed = new Set(access.filter((answer) => answer.allowed).map(({ rule }) => ruleText(rule)));
  const missingOf = (asked: readonly AccessRule[]) => asked.map(ruleText).filter((text) => !allowed.has(text));
  const canBind = missingOf(binding).length === 0;
  const missing = [...missingOf(needed), ...(canBind ? [] : missingOf(writing))];
  if (missing.length > 0) return { name: 'rights', state: 'failed', detail: `missing: ${missing.join(', ')}` };
  const detail = canBind
    ? 'enough; writing is bound in our own namespaces'
    : 'enough; writing is allowed in every namespace';
  return { name: 'rights', state: 'ok', detail };
}

function ruleText({ verb, group, resource, subresource }: AccessRule): string {
  const path = subresource ? `${resource}/${subresource}` : resource;
  return `${verb} ${group ? `${path}.${group}` : path}`;
}

function nodesCheck(nodes: readonly SlimNode[] | null): Check {
  if (!nodes) return { name: 'nodes', state: 'failed', detail: 'nodes cannot be listed' };
  const usable = nodes.filter(({ ready, unschedulable }) => ready && !unschedulable);
  const cores = usable.reduce((sum, { allocatable }) => sum + allocatable.cpuMillis, 0) / 1000;
  const detail = `${usable.length} of ${nodes.length} ready, ${cores} cores`;
  if (usable.length === 0) return { name: 'nodes', state: 'failed', detail };
  return { name: 'nodes', state: usable.length < nodes.length ? 'warning' : 'ok', detail };
}

function storageCheck(classes: ClusterAnswers['storageClasses']): Check {
  if (!classes) return { name: 'storage_class', state: 'warning', detail: 'storage classes cannot be listed' };
  const standard = classes.find(({ isDefault }) => isDefault);
  if (standard) return { name: 'storage_class', state: 'ok', detail: `${standard.name} is the default` };
  const names = classes.map(({ name }) => name).join(', ');
  return { name: 'storage_class', state: 'warning', detail: names ? `none is the default: ${names}` : 'there is none' };
}

/** Namespaces that we would like to have and that are somebody else's: nothing in them will be touched. */
function foreignCheck(
  namespaces: readonly SlimNamespace[] | null,
  installationId: string,
  projectSlugs: readonly string[],
): Check {
  if (!namespaces) return { name: 'foreign_objects', state: 'warning', detail: 'namespaces cannot be listed' };
  const wanted = new Set(
    projectSlugs.flatMap((slug) => environmentNames.map((environment) => `${slug}-${environment}`)),
  );
  const foreign = namespaces.filter(({ name, labels }) => {
    const mark = labels[berthLabels.installation];
    return mark === undefined ? wanted.has(name) : mark !== installationId;
  });
  if (foreign.length === 0) return { name: 'foreign_objects', state: 'ok', detail: 'none in the way' };
  const some = foreign.slice(0, 10).map(({ name }) => name);
  const more = foreign.length > some.length ? ` and ${foreign.length - some.length} more` : '';
  return { name: 'foreign_objects', state: 'warning', detail: `not ours and left alone: ${some.join(', ')}${more}` };
}
