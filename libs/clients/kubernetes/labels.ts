/** Labels and annotations that Berth puts on objects and reads back in slim rows. */
export const berthLabels = {
  /** Id of the Berth service; selector of its Deployment. */
  serviceUid: 'berth.dev/service-uid',
  /** Number of the release that a pod belongs to. */
  release: 'berth.dev/release',
  /** `in`: the pod takes traffic; removed: kept, but out of balancing. */
  rotation: 'berth.dev/rotation',
  /** Installation that owns a namespace or object; without it nothing is touched. */
  installation: 'berth.dev/installation',
  generation: 'berth.dev/generation',
  epoch: 'berth.dev/epoch',
} as const;

export const berthAnnotations = {
  /** Hash of the pod template that was applied last. */
  templateHash: 'berth.dev/template-hash',
  generation: 'berth.dev/generation',
  epoch: 'berth.dev/epoch',
} as const;

export const berthFieldManager = 'berth';
