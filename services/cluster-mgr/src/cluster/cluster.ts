import { missing, problemOf } from '@berth/api';
import {
  cutText,
  type ClusterPhase,
  type ClusterStateData,
  type ObservedCluster,
  type OperationKind,
  type OperationStep,
  type Problem,
} from '@berth/contracts';
import { X509Certificate } from 'node:crypto';
import { proofText, type Proof } from './proof.js';

/** A registered cluster. */
export interface Cluster {
  readonly name: string;
  readonly displayName: string;
  readonly site: string;
  readonly reach: 'podIP' | 'nodePort';
  readonly apiServer: string;
  readonly caPem: string;
  readonly credential: { readonly name: string; readonly version: number };
  readonly phase: ClusterPhase;
  /** Code of the phase's reason. */
  readonly cause: string;
  /** In English, of the proof. */
  readonly reason: string;
  /** Null for a phase of a version that kept only the sentence. */
  readonly proof: readonly Proof[] | null;
  readonly since: Date;
  /** Raised by every registration and readmission; what carries an older one is fenced off. */
  readonly epoch: number;
  /** It was ready once, so it may hold containers. */
  readonly wasReady: boolean;
  readonly registeredAt: Date;
}

/** What is known about the room of a cluster. */
export type Observation = Omit<ObservedCluster, 'heardAt'> & { readonly heardAt: Date | null };

export type Registration = Pick<
  Cluster,
  'name' | 'displayName' | 'site' | 'reach' | 'apiServer' | 'caPem' | 'credential'
>;

/** Joining from the beginning, for the reason of the code. */
function joining(cause: 'registered' | 'readmitted'): Pick<Cluster, 'phase' | 'cause' | 'reason' | 'proof'> {
  const proof: Proof[] = [
    { code: cause, params: {} },
    { code: 'not_probed', params: {} },
  ];
  return { phase: 'joining', cause, proof, reason: proofText(proof) };
}

/** A new registration, or one in the place of a registration that never came to life and that nobody waits for. */
export function register(
  asked: Registration,
  existing: Cluster | null,
  { isAwaited, lastEpoch }: { readonly isAwaited: boolean; readonly lastEpoch: number },
  now: Date,
): Cluster | { readonly problem: Problem } {
  const problem = registrationProblem(asked, existing, isAwaited);
  if (problem) return { problem };
  return { ...asked, ...joining('registered'), since: now, epoch: lastEpoch + 1, wasReady: false, registeredAt: now };
}

export function registrationProblem(asked: Registration, existing: Cluster | null, isAwaited: boolean): Problem | null {
  if (existing && (existing.wasReady || existing.phase !== 'joining' || isAwaited))
    return problemOf('cluster_exists', { cluster: asked.name });
  if (!asked.apiServer.startsWith('https://'))
    return problemOf('kubeconfig_invalid', { code: 'not_https', reason: 'The API server must be reached over https.' });
  if (!isCertificate(asked.caPem))
    return problemOf('kubeconfig_invalid', {
      code: 'no_ca',
      reason: 'The certificate authority is not a PEM certificate.',
    });
  return null;
}

/** A quarantined cluster takes part again under the next epoch, which fences off whatever it still runs of the old one. */
export function readmit(existing: Cluster | null, name: string, now: Date): Cluster | { readonly problem: Problem } {
  if (!existing) return { problem: problemOf('not_found', missing('cluster', name)) };
  const problem = readmissionProblem(existing);
  if (problem) return { problem };
  return {
    ...existing,
    ...joining('readmitted'),
    since: now,
    epoch: existing.epoch + 1,
  };
}

export function readmissionProblem({ name, phase }: Cluster): Problem | null {
  if (phase === 'quarantined') return null;
  return problemOf('nothing_to_do', {
    ...{ why: 'not_quarantined', cluster: name, phase },
    reason: `The cluster ${name} is ${phase}; only a quarantined one is readmitted.`,
  });
}

/** Why a cluster cannot be removed: it is not there, or services have their place in it. */
export function removalProblem(name: string, existing: Cluster | null, services: readonly string[]): Problem | null {
  if (!existing) return problemOf('not_found', missing('cluster', name));
  if (services.length === 0) return null;
  const shown = services.length > 5 ? [...services.slice(0, 5), '…'] : services;
  return problemOf('cluster_in_use', { cluster: name, count: services.length, services: shown.join(', ') });
}

export function stateOf(cluster: Cluster): ClusterStateData {
  const { name, displayName, site, reach, apiServer, caPem, credential, phase, reason, since, epoch } = cluster;
  return {
    name,
    displayName,
    site,
    reach,
    apiServer,
    caPem,
    credential,
    phase,
    reason,
    since: since.toISOString(),
    epoch,
  };
}

export function isAboutCluster(kind: OperationKind): boolean {
  return kind.startsWith('cluster.');
}

/** How an operation that waits for the cluster has seen it in the end. */
export function readyStep(
  { name, reason, proof }: Cluster,
  state: 'done' | 'failed',
  times: { readonly startedAt: Date; readonly endedAt: Date },
): OperationStep {
  return {
    name: 'ready',
    cluster: name,
    state,
    startedAt: times.startedAt.toISOString(),
    endedAt: times.endedAt.toISOString(),
    detail: cutText(reason),
    ...(proof && { proof: [...proof] }),
  };
}

/** Why a cluster did not become ready in time. */
export function unreachableProblem({ name, apiServer, reason, proof }: Cluster): Problem {
  const errors = proof?.map((one) => ({ path: name, code: one.code, message: proofText([one]), params: one.params }));
  return problemOf('cluster_unreachable', { server: apiServer, cause: reason }, errors && { errors });
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== null;
  } catch {
    return false;
  }
}
