import { describe, expect, test } from '@jest/globals';
import { claimListSchema, planVolumes, volumeFor, volumeListSchema, type Claim } from './volumes.js';

const claim = (uid: string, node: string | undefined, storageClassName = 'berth-local', volumeName?: string) => ({
  metadata: {
    name: 'data',
    namespace: 'shop-prod',
    uid,
    annotations: node ? { 'volume.kubernetes.io/selected-node': node } : {},
  },
  spec: { storageClassName, volumeName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
});
const claims = (...items: object[]) => claimListSchema.parse({ items }).items;
const volumes = (...items: object[]) => volumeListSchema.parse({ items }).items;
const volume = (name: string, phase: string) => ({
  metadata: { name, uid: name },
  spec: { storageClassName: 'berth-local' },
  status: { phase },
});

describe('local volumes', () => {
  test('of 4 claims only the one that waits for this node gets a volume', () => {
    const all = claims(
      claim('a', 'beijing-1'),
      claim('b', undefined),
      claim('c', 'another'),
      claim('d', 'beijing-1', 'berth-local', 'pvc-d'),
    );
    expect(planVolumes('beijing-1', all, [])).toEqual([{ do: 'make', name: 'pvc-a', claim: all[0] }]);
  });

  test('a claim of another storage class is left alone', () => {
    expect(planVolumes('beijing-1', claims(claim('a', 'beijing-1', 'fast')), [])).toEqual([]);
  });

  test('a volume that is made already is not made twice', () => {
    expect(planVolumes('beijing-1', claims(claim('a', 'beijing-1')), volumes(volume('pvc-a', 'Available')))).toEqual(
      [],
    );
  });

  test('a released volume goes, a bound one stays', () => {
    const steps = planVolumes('beijing-1', [], volumes(volume('pvc-a', 'Released'), volume('pvc-b', 'Bound')));
    expect(steps).toEqual([{ do: 'remove', name: 'pvc-a' }]);
  });

  test('the volume is 2 GiB, bound to its claim by uid, on the node', () => {
    const [first] = claims(claim('a', 'beijing-1')) as [Claim];
    const made = volumeFor('beijing-1', '/volumes/pvc-a', 'pvc-a', first);
    expect(made.spec).toMatchObject({
      capacity: { storage: '2Gi' },
      claimRef: { uid: 'a', namespace: 'shop-prod' },
      local: { path: '/volumes/pvc-a' },
    });
  });
});
