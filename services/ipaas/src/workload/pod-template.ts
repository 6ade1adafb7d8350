import type { Probe, ResolvedImage, ServicePort, ServiceSpec, Variable } from '@berth/contracts';
import { berthLabels, formatCpu, formatMemory } from '@berth/clients/kubernetes';
import { requestOf } from '@berth/engines/scheduler';
import { contentHash } from './stable-hash.js';

/** What a pod template is made of, beside the labels. */
export interface PodTemplateInput {
  readonly uid: string;
  readonly spec: ServiceSpec;
  readonly image: ResolvedImage;
  /** Share of the size that is reserved, in (0, 1]. */
  readonly requestRatio: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Plain variables that tell the container where it runs; the user's own of the same name win. */
  readonly identity: Readonly<Record<string, string>>;
}

/** A Secret object that holds one version of one sealed variable. */
export interface SecretUse {
  readonly objectName: string;
  readonly name: string;
  readonly version: number;
}

/** Stands for the cluster's name in a rendered template, which is the same for every cluster. */
export const clusterPlaceholder = '{{cluster}}';
export const clusterVariable = 'BERTH_CLUSTER';
export const secretDataKey = 'value';
/** An image that names no user, or root, runs as this one: restricted pods need a number that is not 0. */
const defaultUserId = 1000;
/** On top of twice the drain time, so that a process that ends in time is never killed. */
const spareStopSeconds = 5;

/** The pod template of a release: the same input gives the same bytes. */
export function podTemplate(input: PodTemplateInput): Record<string, unknown> {
  const { spec, uid } = input;
  return {
    metadata: { labels: input.labels },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 2 * spec.gracefulStopSeconds + spareStopSeconds,
      securityContext: { runAsNonRoot: true, ...userOf(input), seccompProfile: { type: 'RuntimeDefault' } },
      ...(spec.registryCredential && { imagePullSecrets: [{ name: `berth-registry-${spec.registryCredential}` }] }),
      // Never an empty list: a service without them keeps the bytes it had before they existed.
      ...((spec.hostAliases ?? []).length > 0 && { hostAliases: spec.hostAliases }),
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'kubernetes.io/hostname',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { [berthLabels.serviceUid]: uid } },
          matchLabelKeys: ['pod-template-hash'],
        },
      ],
      containers: [container(input)],
    },
  };
}

/** The Secret objects that a release needs, each once. */
export function secretsOf(spec: ServiceSpec, uid: string, code: string): SecretUse[] {
  const uses = spec.variables.flatMap((variable) => ('secret' in variable ? [variable.secret] : []));
  const byObject = new Map(uses.map((use) => [secretObjectName(uid, code, use), use]));
  return [...byObject].map(([objectName, { name, version }]) => ({ objectName, name, version }));
}

/** Name of the one container of a pod that is the service's own. */
export const mainContainer = 'main';

function container(input: PodTemplateInput): Record<string, unknown> {
  const { spec, image } = input;
  const { ports, command, args, gracefulStopSeconds } = spec;
  return {
    name: mainContainer,
    image: pinned(image),
    imagePullPolicy: 'IfNotPresent',
    ...(command && { command: command.map(literal) }),
    ...(args && { args: args.map(literal) }),
    ...(ports.length > 0 && { ports: ports.map(containerPort) }),
    env: environment(input),
    resources: resources(input),
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    ...probes(spec),
    // The container keeps serving while the endpoints of its pod are withdrawn everywhere.
    ...(gracefulStopSeconds > 0 && { lifecycle: { preStop: { sleep: { seconds: gracefulStopSeconds } } } }),
  };
}

function containerPort({ name, port }: ServicePort): Record<string, unknown> {
  return { name, containerPort: port, protocol: 'TCP' };
}

/** Tags move; the digest is what was checked and what runs. */
function pinned(image: ResolvedImage): string {
  const bare = image.reference.replace(/@sha256:[a-f0-9]+$/, '');
  const slash = bare.lastIndexOf('/');
  const colon = bare.indexOf(':', slash + 1);
  return `${colon < 0 ? bare : bare.slice(0, colon)}@${image.digest}`;
}

function userOf({ spec, image }: PodTemplateInput): { runAsUser?: number } {
  if (spec.runAsUser !== null) return { runAsUser: spec.runAsUser };
  const [user = ''] = (image.user ?? '').split(':');
  return /^[1-9]\d*$/.test(user) ? {} : { runAsUser: defaultUserId };
}

function resources({ spec: { size }, requestRatio }: PodTemplateInput): Record<string, unknown> {
  const quantities = ({ cpuMillis, memoryMiB }: ServiceSpec['size']) => ({
    cpu: formatCpu(cpuMillis),
    memory: formatMemory(memoryMiB),
  });
  return { limits: quantities(size), requests: quantities(requestOf(size, requestRatio)) };
}

function environment({ spec, uid, identity, labels }: PodTemplateInput): Record<string, unknown>[] {
  const code = labels['app.kubernetes.io/name'] ?? '';
  const own = new Set(spec.variables.map(({ name }) => name));
  const downward: Record<string, string> = {
    BERTH_POD_NAME: 'metadata.name',
    BERTH_POD_IP: 'status.podIP',
    BERTH_NODE: 'spec.nodeName',
  };
  return [
    ...Object.entries(identity)
      .filter(([name]) => !own.has(name))
      .map(([name, value]) => ({ name, value })),
    ...Object.entries(downward)
      .filter(([name]) => !own.has(name))
      .map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
    ...spec.variables.map((variable) => userVariable(variable, uid, code)),
  ];
}

function userVariable(variable: Variable, uid: string, code: string): Record<string, unknown> {
  if (!('secret' in variable)) return { name: variable.name, value: literal(variable.value) };
  const secretKeyRef = { name: secretObjectName(uid, code, variable.secret), key: secretDataKey };
  return { name: variable.name, valueFrom: { secretKeyRef } };
}

/** Kubernetes would replace `$(X)` and shorten `$$`; the process must see exactly what the user typed. */
function literal(text: string): string {
  return text.replaceAll('$', () => '$$');
}

/** Names of variables are no object names, so the name's hash stands for it; the uid keeps incarnations apart. */
function secretObjectName(uid: string, code: string, { name, version }: { name: string; version: number }): string {
  return `${code}-secret-${contentHash({ uid, name }).slice(0, 10)}-v${version}`;
}

function probes({ readiness, liveness, startupAllowanceSeconds }: ServiceSpec): Record<string, unknown> {
  return {
    ...(readiness && { readinessProbe: probe(readiness) }),
    ...(liveness && { livenessProbe: probe(liveness) }),
    // Without a liveness check nothing could kill a slow starter, so there is nothing to hold back.
    ...(liveness && startupAllowanceSeconds > 0 && { startupProbe: startupProbe(liveness, startupAllowanceSeconds) }),
  };
}

/** Asks often, so that a quick start is seen quickly, and as long as the allowance lasts. */
function startupProbe(liveness: Probe, allowanceSeconds: number): Record<string, unknown> {
  const periodSeconds = 2;
  const failureThreshold = Math.max(1, Math.ceil(allowanceSeconds / periodSeconds));
  return { ...probe(liveness), periodSeconds, failureThreshold };
}

function probe(check: Probe): Record<string, unknown> {
  const { periodSeconds, timeoutSeconds, failureThreshold } = check;
  return { ...probeAction(check), periodSeconds, timeoutSeconds, failureThreshold };
}

function probeAction(check: Probe): Record<string, unknown> {
  switch (check.kind) {
    case 'http':
      return { httpGet: { path: check.path, port: check.port, scheme: 'HTTP' } };
    case 'tcp':
      return { tcpSocket: { port: check.port } };
    case 'command':
      return { exec: { command: check.command } };
  }
}
