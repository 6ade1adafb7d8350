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
import { z } from 'zod';

export type ClusterCredential = ResponseOf<typeof routes.sealClusterCredential>;
export type Check = ClusterCredential['checks'][number];

/** What a cluster said to our questions; undefined where it did not answer that one. */
export interface ClusterAnswers {
  readonly version: string;
  readonly access: readonly AccessAnswer[];
  readonly nodes: readonly SlimNode[] | null;
  /** Names of the images that nodes have. */
  readonly images: readonly string[] | null;
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
    answered(client.list('Node', { limit: 500, signal }).then(({ items }) => items)),
    answered(client.list('Namespace', { limit: 500, signal }).then(({ items }) => items.map(projectNamespace))),
    answered(client.list('StorageClass', { limit: 100, signal }).then(({ items }) => items.map(storageClass))),
  ]);
  return {
    version: gitVersion,
    access,
    nodes: nodes?.map(projectNode) ?? null,
    images: nodes?.flatMap(imagesOf) ?? null,
    namespaces,
    storageClasses,
  };
}

const NodeImages = z.object({
  status: z.object({ images: z.array(z.object({ names: z.array(z.string()).nullish() })).nullish() }),
});

/** What a node says that it has: kubelets name at most their fifty largest images. */
function imagesOf(node: unknown): string[] {
  return NodeImages.parse(node).status.images?.flatMap(({ names }) => names ?? []) ?? [];
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

/** What is compared with the answers. */
export interface Around {
  readonly installationId: string;
  readonly projectSlugs: readonly string[];
  /** Registries that images of ours come from. */
  readonly registries: readonly string[];
}

/** The check table of a cluster that answers; pure. `failed` rows keep it from being joined. */
export function checksOf(answers: ClusterAnswers, around: Around): Check[] {
  return [
    reachable,
    versionCheck(answers.version),
    rightsCheck(answers.access),
    nodesCheck(answers.nodes),
    imagePullCheck(answers.images, around.registries),
    storageCheck(answers.storageClasses),
    foreignCheck(answers.namespaces, around),
  ];
}

/** The table of a cluster that does not answer, or does not let us ask. */
export function refusedChecks(error: { readonly kind: string; readonly message: string }): Check[] {
  const params = { reason: error.message };
  if (error.kind === 'unauthorized' || error.kind === 'forbidden')
    return [
      reachable,
      found('rights', 'failed', 'credential_refused', params, `it refuses the credential: ${error.message}`),
    ];
  return [found('reachable', 'failed', 'no_answer', params, error.message)];
}

function found(
  name: Check['name'],
  state: Check['state'],
  code: string,
  params: Check['params'],
  detail: string,
): Check {
  return { name, state, code, params, detail };
}

const reachable = found('reachable', 'ok', 'answers', {}, 'it answers over verified TLS');

function versionCheck(version: string): Check {
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const isEnough = Number(major) > 1 || Number(minor) >= oldestMinor;
  const params = { version, oldest: `v1.${oldestMinor}` };
  if (isEnough) return found('version', 'ok', 'version', params, version);
  return found('version', 'failed', 'version_old', params, `${version}; at least v1.${oldestMinor} is needed`);
}

function rightsCheck(access: readonly AccessAnswer[]): Check {
  const allowed = new Set(access.filter((answer) => answer.allowed).map(({ rule }) => ruleText(rule)));
  const missingOf = (asked: readonly AccessRule[]) => asked.map(ruleText).filter((text) => !allowed.has(text));
  const canBind = missingOf(binding).length === 0;
  const missing = [...missingOf(needed), ...(canBind ? [] : missingOf(writing))];
  const rules = missing.join(', ');
  if (missing.length > 0) return found('rights', 'failed', 'rights_missing', { rules }, `missing: ${rules}`);
  if (canBind) return found('rights', 'ok', 'rights_bound', {}, 'enough; writing is bound in our own namespaces');
  return found('rights', 'ok', 'rights_everywhere', {}, 'enough; writing is allowed in every namespace');
}

function ruleText({ verb, group, resource, subresource }: AccessRule): string {
  const path = subresource ? `${resource}/${subresource}` : resource;
  return `${verb} ${group ? `${path}.${group}` : path}`;
}

function nodesCheck(nodes: readonly SlimNode[] | null): Check {
  if (!nodes) return found('nodes', 'failed', 'not_listed', {}, 'nodes cannot be listed');
  const usable = nodes.filter(({ ready, unschedulable }) => ready && !unschedulable);
  const cores = usable.reduce((sum, { allocatable }) => sum + allocatable.cpuMillis, 0) / 1000;
  const params = { ready: usable.length, all: nodes.length, cores };
  const state = usable.length === 0 ? 'failed' : usable.length < nodes.length ? 'warning' : 'ok';
  return found('nodes', state, 'nodes', params, `${usable.length} of ${nodes.length} ready, ${cores} cores`);
}

/**
 * Whether nodes get images from the registries in use. Before a cluster is joined nothing is made in it, so this is told by
 * what nodes have pulled already; where they have nothing yet it says that it was not checked, and never that it is well.
 */
function imagePullCheck(images: readonly string[] | null, registries: readonly string[]): Check {
  if (!images) return found('image_pull', 'warning', 'not_listed', {}, 'images of the nodes cannot be listed');
  if (registries.length === 0)
    return found('image_pull', 'warning', 'pull_unknown', {}, 'not checked: no image is in use yet');
  const missing = registries.filter((registry) => !images.some((image) => image.startsWith(`${registry}/`)));
  const names = (missing.length > 0 ? missing : registries).join(', ');
  if (missing.length === 0)
    return found('image_pull', 'ok', 'pulled', { registries: names }, `nodes have images of ${names}`);
  const detail = `not checked: no node has an image of ${names} yet; try with a small service after joining`;
  return found('image_pull', 'warning', 'pull_not_checked', { registries: names }, detail);
}

function storageCheck(classes: ClusterAnswers['storageClasses']): Check {
  const row = (state: Check['state'], code: string, names: string, detail: string) =>
    found('storage_class', state, code, { names }, detail);
  if (!classes) return row('warning', 'not_listed', '', 'storage classes cannot be listed');
  const standard = classes.find(({ isDefault }) => isDefault);
  if (standard) return row('ok', 'storage_default', standard.name, `${standard.name} is the default`);
  const names = classes.map(({ name }) => name).join(', ');
  if (!names) return row('warning', 'storage_none', '', 'there is none');
  return row('warning', 'storage_no_default', names, `none is the default: ${names}`);
}

/** Namespaces that we would like to have and that are somebody else's: nothing in them will be touched. */
function foreignCheck(namespaces: readonly SlimNamespace[] | null, { installationId, projectSlugs }: Around): Check {
  if (!namespaces) return found('foreign_objects', 'warning', 'not_listed', {}, 'namespaces cannot be listed');
  const wanted = new Set(
    projectSlugs.flatMap((slug) => environmentNames.map((environment) => `${slug}-${environment}`)),
  );
  const foreign = namespaces.filter(({ name, labels }) => {
    const mark = labels[berthLabels.installation];
    return mark === undefined ? wanted.has(name) : mark !== installationId;
  });
  if (foreign.length === 0) return found('foreign_objects', 'ok', 'foreign_none', {}, 'none in the way');
  const names = foreign
    .slice(0, 10)
    .map(({ name }) => name)
    .join(', ');
  const more = foreign.length > 10 ? ` and ${foreign.length - 10} more` : '';
  const detail = `not ours and left alone: ${names}${more}`;
  return found('foreign_objects', 'warning', 'foreign', { names, count: foreign.length }, detail);
}
