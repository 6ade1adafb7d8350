import { DeployBody } from '@berth/api';
import { defaultSize, PlacementPolicy, ServiceSpec, type Probe } from '@berth/contracts';
import { z } from 'zod';
import { hostAliasesOf, HostDraft, hostDrafts } from './hosts.js';

/** What the form holds about a spec; texts may be half written. */
export const PortDraft = z.object({ name: z.string(), port: z.number().nullable(), protocol: z.enum(['HTTP', 'TCP']) });
export type PortDraft = z.infer<typeof PortDraft>;

export const VariableDraft = z.object({
  name: z.string(),
  /** Of a secret: the value to seal, empty to keep the sealed version. */
  value: z.string(),
  secret: z.boolean(),
  version: z.number().nullable(),
});
export type VariableDraft = z.infer<typeof VariableDraft>;

export const ProbeDraft = z.object({
  kind: z.enum(['none', 'tcp', 'http', 'command']),
  path: z.string(),
  /** Empty: the first port. */
  port: z.number().nullable(),
  command: z.string(),
  periodSeconds: z.number(),
  timeoutSeconds: z.number(),
  failureThreshold: z.number(),
});
export type ProbeDraft = z.infer<typeof ProbeDraft>;

export const SpecDraft = z.object({
  image: z.string(),
  registryCredential: z.string(),
  cpuMillis: z.number(),
  memoryMiB: z.number(),
  ports: z.array(PortDraft).readonly(),
  /** One argument a line. */
  command: z.string(),
  args: z.string(),
  variables: z.array(VariableDraft).readonly(),
  /** A draft from before there were names has none. */
  hostAliases: z.array(HostDraft).readonly().default([]),
  readiness: ProbeDraft,
  liveness: ProbeDraft,
  startupAllowanceSeconds: z.number(),
  gracefulStopSeconds: z.number(),
  runAsUser: z.number().nullable(),
  rolloutDeadlineSeconds: z.number(),
});
export type SpecDraft = z.infer<typeof SpecDraft>;

export const DeployDraft = z.object({
  code: z.string(),
  name: z.string(),
  spec: SpecDraft,
  replicas: z.number(),
  policy: PlacementPolicy,
  cause: z.string(),
});
export type DeployDraft = z.infer<typeof DeployDraft>;

const noProbe: ProbeDraft = {
  kind: 'none',
  path: '/health',
  port: null,
  command: '',
  periodSeconds: 5,
  timeoutSeconds: 2,
  failureThreshold: 3,
};

export const emptySpec: SpecDraft = {
  image: '',
  registryCredential: '',
  ...defaultSize,
  ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
  command: '',
  args: '',
  variables: [],
  hostAliases: [],
  readiness: { ...noProbe, kind: 'tcp' },
  liveness: noProbe,
  startupAllowanceSeconds: 60,
  gracefulStopSeconds: 30,
  runAsUser: null,
  rolloutDeadlineSeconds: 300,
};
export const emptyDeploy: DeployDraft = {
  code: '',
  name: '',
  spec: emptySpec,
  replicas: 2,
  policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
  cause: '',
};

/** The draft of what runs, for an upgrade. Secrets keep their version until a new value is written. */
export function draftOf(spec: ServiceSpec): SpecDraft {
  return {
    image: spec.image,
    registryCredential: spec.registryCredential ?? '',
    ...spec.size,
    ports: spec.ports,
    command: (spec.command ?? []).join('\n'),
    args: (spec.args ?? []).join('\n'),
    variables: spec.variables.map((variable) =>
      'secret' in variable
        ? { name: variable.name, value: '', secret: true, version: variable.secret.version }
        : { name: variable.name, value: variable.value, secret: false, version: null },
    ),
    hostAliases: hostDrafts(spec.hostAliases),
    readiness: probeDraft(spec.readiness),
    liveness: probeDraft(spec.liveness),
    startupAllowanceSeconds: spec.startupAllowanceSeconds,
    gracefulStopSeconds: spec.gracefulStopSeconds,
    runAsUser: spec.runAsUser,
    rolloutDeadlineSeconds: spec.rolloutDeadlineSeconds,
  };
}

function probeDraft(probe: Probe | null): ProbeDraft {
  if (!probe) return noProbe;
  const { periodSeconds, timeoutSeconds, failureThreshold } = probe;
  const base = { ...noProbe, kind: probe.kind, periodSeconds, timeoutSeconds, failureThreshold };
  if (probe.kind === 'http') return { ...base, path: probe.path, port: probe.port };
  if (probe.kind === 'tcp') return { ...base, port: probe.port };
  return { ...base, command: probe.command.join('\n') };
}

/** The draft as it may lie in the browser: what was written into a secret is left out. */
export function withoutSecretValues(draft: SpecDraft): SpecDraft {
  return { ...draft, variables: draft.variables.map((row) => (row.secret ? { ...row, value: '' } : row)) };
}

/** Secrets whose value must be sealed before the draft can be sent. */
export function secretsToSeal(draft: SpecDraft): readonly VariableDraft[] {
  return draft.variables.filter((row) => row.secret && row.value !== '');
}

/** The spec of a draft as it would be sent; `sealed` has the versions of secrets sealed just now. */
export function specOf(draft: SpecDraft, sealed: Readonly<Record<string, number>> = {}): z.input<typeof ServiceSpec> {
  const command = lines(draft.command);
  const args = lines(draft.args);
  const hostAliases = hostAliasesOf(draft.hostAliases);
  const firstPort = draft.ports[0]?.port ?? null;
  return {
    image: draft.image.trim(),
    size: { cpuMillis: draft.cpuMillis, memoryMiB: draft.memoryMiB },
    ports: draft.ports.map((row) => ({ name: row.name, port: row.port ?? 0, protocol: row.protocol })),
    ...(command.length > 0 && { command }),
    ...(args.length > 0 && { args }),
    variables: draft.variables
      .filter((row) => row.name !== '' || row.value !== '')
      .map(({ name, value, secret, version }) =>
        secret ? { name, secret: { name, version: sealed[name] ?? version ?? 0 } } : { name, value },
      ),
    readiness: probeOf(draft.readiness, firstPort),
    liveness: probeOf(draft.liveness, firstPort),
    startupAllowanceSeconds: draft.startupAllowanceSeconds,
    gracefulStopSeconds: draft.gracefulStopSeconds,
    runAsUser: draft.runAsUser,
    rolloutDeadlineSeconds: draft.rolloutDeadlineSeconds,
    ...(draft.registryCredential && { registryCredential: draft.registryCredential }),
    ...(hostAliases.length > 0 && { hostAliases }),
  };
}

function probeOf(probe: ProbeDraft, firstPort: number | null): Probe | null {
  const { periodSeconds, timeoutSeconds, failureThreshold } = probe;
  const times = { periodSeconds, timeoutSeconds, failureThreshold };
  if (probe.kind === 'none') return null;
  if (probe.kind === 'command') return { kind: 'command', command: lines(probe.command), ...times };
  const port = probe.port ?? firstPort;
  // A worker without ports has nothing that could be asked by TCP.
  if (port === null) return null;
  return probe.kind === 'tcp' ? { kind: 'tcp', port, ...times } : { kind: 'http', path: probe.path, port, ...times };
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

export function deployBodyOf(
  draft: DeployDraft,
  sealed: Readonly<Record<string, number>> = {},
): z.input<typeof DeployBody> {
  return {
    code: draft.code.trim(),
    name: draft.name.trim() || draft.code.trim(),
    spec: specOf(draft.spec, sealed),
    replicas: draft.replicas,
    policy: draft.policy,
    ...(draft.cause.trim() && { cause: draft.cause.trim() }),
  };
}

/** Errors by path (`spec.ports.0.port`), each with the message of last resort. A secret still to be sealed is no error. */
export type FormErrors = Readonly<Record<string, string>>;

export function deployErrors(draft: DeployDraft): FormErrors {
  const parsed = DeployBody.safeParse(deployBodyOf(draft, pretendSealed(draft.spec)));
  if (parsed.success) return {};
  const { name, ...errors } = errorsOf(parsed.error);
  // A name left empty is the code: then only the code is wrong.
  return name !== undefined && draft.name.trim() !== '' ? { ...errors, name } : errors;
}

export function specErrors(draft: SpecDraft): FormErrors {
  const parsed = ServiceSpec.safeParse(specOf(draft, pretendSealed(draft)));
  return parsed.success
    ? {}
    : Object.fromEntries(Object.entries(errorsOf(parsed.error)).map(([path, text]) => [`spec.${path}`, text]));
}

function pretendSealed(draft: SpecDraft): Record<string, number> {
  return Object.fromEntries(secretsToSeal(draft).map((row) => [row.name, 1]));
}

function errorsOf(error: z.ZodError): Record<string, string> {
  const found: Record<string, string> = {};
  for (const issue of error.issues) found[issue.path.join('.')] ??= issue.message;
  return found;
}

/** Paths of a problem's `errors[]` in the words of the form: `body.spec.image` and `/spec/image` are `spec.image`. */
export function formPath(path: string): string {
  return path
    .replace(/^\$?[./]?/, '')
    .replace(/^body[./]/, '')
    .replaceAll('/', '.')
    .replace(/\[(\d+)\]/g, '.$1');
}
