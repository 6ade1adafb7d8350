import type { EnvironmentName, ResolvedImage } from '@berth/contracts';
import type { Key } from '../../i18n/index.js';
import type { ProbeDraft, SpecDraft } from './draft.js';

export interface Warning {
  readonly key: Extract<Key, `warning.${string}`>;
  readonly params?: Readonly<Record<string, string | number>>;
}

interface Around {
  readonly environment: EnvironmentName;
  readonly replicas: number;
  readonly image: ResolvedImage | undefined;
}

/** Programs and words that put a process into the background: then the container ends with exit code 0. */
const background =
  /(^|\s)nohup\s|(^|[^&])&\s*$|\bsystemctl\s+start|\bservice\s+\S+\s+start|\/etc\/init\.d\/|catalina\.sh\s+start|startup\.sh|--daemon(ize)?\b|\bdaemon\s+on\b/m;
/** Less time than this until a restart, and a slow moment becomes one. */
const quickSeconds = 15;
const formerVm = { cpuMillis: 4000, memoryMiB: 8192 };

/** What is allowed but often not meant, the gravest first. */
export function warningsOf(spec: SpecDraft, { environment, replicas, image }: Around): Warning[] {
  const ports = spec.ports.flatMap((row) => row.port ?? []);
  const isServing = environment === 'prod' || environment === 'staging';
  const command = `${spec.command.replaceAll('\n', ' ')} ${spec.args.replaceAll('\n', ' ')}`.trim();
  const found: (Warning | false)[] = [
    isRoot(spec, image) && { key: 'warning.root' },
    background.test(command) && { key: 'warning.foreground' },
    ports.length > 0 && spec.readiness.kind === 'none' && { key: 'warning.noReadiness' },
    ...(['readiness', 'liveness'] as const).map((which) => otherPort(spec[which], ports)),
    tooQuick(spec.liveness),
    image !== undefined &&
      image.exposedPorts.length > 0 &&
      ports.length > 0 &&
      !image.exposedPorts.some((port) => ports.includes(port)) && {
        key: 'warning.otherPorts',
        params: { ports: image.exposedPorts.join(', ') },
      },
    isServing && replicas === 1 && { key: 'warning.single' },
    environment === 'prod' &&
      spec.cpuMillis * 4 <= formerVm.cpuMillis &&
      spec.memoryMiB * 8 <= formerVm.memoryMiB && { key: 'warning.size' },
    image?.tag === 'latest' && { key: 'warning.latest' },
  ];
  return found.filter((row) => row !== false);
}

function isRoot(spec: SpecDraft, image: ResolvedImage | undefined): boolean {
  return image !== undefined && spec.runAsUser === null && /^(0|root)?(:|$)/.test(image.user ?? '');
}

function otherPort(probe: ProbeDraft, ports: readonly number[]): Warning | false {
  const isAsking = probe.kind === 'http' || probe.kind === 'tcp';
  return (
    isAsking &&
    probe.port !== null &&
    ports.length > 0 &&
    !ports.includes(probe.port) && { key: 'warning.probePort', params: { port: probe.port } }
  );
}

function tooQuick(liveness: ProbeDraft): Warning | false {
  const seconds = liveness.periodSeconds * liveness.failureThreshold;
  return liveness.kind !== 'none' && seconds < quickSeconds && { key: 'warning.livenessQuick', params: { seconds } };
}
