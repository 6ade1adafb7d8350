import { z } from 'zod';

/** Volumes of the class `berth-local`: a folder of the node for each claim. This file decides, `volume-maker.ts` acts. */
export const storageClass = 'berth-local';
const provisioner = 'berth.dev/local';

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
});

const claimSchema = z.looseObject({
  metadata,
  spec: z.looseObject({
    storageClassName: z.string().optional(),
    volumeName: z.string().optional(),
    accessModes: z.array(z.string()).default([]),
    resources: z.looseObject({ requests: z.record(z.string(), z.string()).default({}) }),
  }),
});
export type Claim = z.infer<typeof claimSchema>;
export const claimListSchema = z.looseObject({ items: z.array(claimSchema) });

const volumeSchema = z.looseObject({
  metadata,
  spec: z.looseObject({ storageClassName: z.string().optional() }),
  status: z.looseObject({ phase: z.string().optional() }).default({}),
});
export type Volume = z.infer<typeof volumeSchema>;
export const volumeListSchema = z.looseObject({ items: z.array(volumeSchema) });

export type VolumeStep = { do: 'make'; name: string; claim: Claim } | { do: 'remove'; name: string };

/** The scheduler writes this once it has chosen the node of the first pod. */
const chosenNode = 'volume.kubernetes.io/selected-node';

/** What to make for waiting claims of this node, and which released volumes to remove with their data. */
export function planVolumes(nodeName: string, claims: Claim[], volumes: Volume[]): VolumeStep[] {
  const present = new Set(volumes.map((volume) => volume.metadata.name));
  const waiting = claims.filter(
    ({ metadata, spec }) =>
      spec.storageClassName === storageClass && !spec.volumeName && metadata.annotations[chosenNode] === nodeName,
  );
  const released = volumes.filter(
    ({ spec, status }) => spec.storageClassName === storageClass && ['Released', 'Failed'].includes(status.phase ?? ''),
  );
  return [
    ...waiting
      .map((claim) => ({ do: 'make' as const, name: `pvc-${claim.metadata.uid}`, claim }))
      .filter((step) => !present.has(step.name)),
    ...released.map((volume) => ({ do: 'remove' as const, name: volume.metadata.name })),
  ];
}

/** The volume for a claim, bound to it from the start. */
export function volumeFor(nodeName: string, path: string, name: string, claim: Claim) {
  const { metadata, spec } = claim;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    // Without the mark the controller-manager would look for a deleter of its own and call the volume failed.
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': provisioner } },
    spec: {
      storageClassName: storageClass,
      capacity: { storage: spec.resources.requests.storage ?? '1Gi' },
      accessModes: spec.accessModes,
      persistentVolumeReclaimPolicy: 'Delete',
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: metadata.name,
        namespace: metadata.namespace,
        uid: metadata.uid,
      },
      local: { path },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }] },
          ],
        },
      },
    },
  };
}
