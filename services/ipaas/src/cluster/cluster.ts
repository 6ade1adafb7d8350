import type { ClusterStateData } from '@berth/contracts';
import { z } from 'zod';

/** A workload cluster as cluster-mgr says it is. */
export interface Cluster {
  readonly name: string;
  readonly displayName: string;
  readonly reach: ClusterStateData['reach'];
  readonly phase: ClusterStateData['phase'];
  /** Raised when a lost cluster is let in again. */
  readonly epoch: number;
  readonly credentialName: string;
  readonly credentialVersion: number;
}

/**
 * A cluster that was given up may run what was placed elsewhere since: until it is readmitted it is only looked at.
 */
export function isWritable({ phase }: Pick<Cluster, 'phase'>): boolean {
  return phase === 'joining' || phase === 'ready' || phase === 'suspect';
}

/** What is inside of a sealed cluster credential: where to, how to know it, and how to prove ourselves. */
export const SealedConnection = z.object({
  server: z.url(),
  caPem: z.string(),
  tlsServerName: z.string().optional(),
  credential: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('token'), token: z.string() }),
    z.object({ kind: z.literal('certificate'), certPem: z.string(), keyPem: z.string() }),
  ]),
});
export type SealedConnection = z.infer<typeof SealedConnection>;

/** What a sealed credential is bound to: copied to another name or version it does not open. */
export function credentialBinding(name: string, version: number): string {
  return `cluster_credential/${name}/${version}`;
}
