interface Resource {
  readonly apiVersion: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const namespaced = (apiVersion: string, plural: string): Resource => ({ apiVersion, plural, namespaced: true });
const clusterWide = (apiVersion: string, plural: string): Resource => ({ apiVersion, plural, namespaced: false });

/** Every kind that Berth reads or writes. A kind that is not here cannot be touched. */
export const resources = {
  Namespace: clusterWide('v1', 'namespaces'),
  Node: clusterWide('v1', 'nodes'),
  PersistentVolume: clusterWide('v1', 'persistentvolumes'),
  StorageClass: clusterWide('storage.k8s.io/v1', 'storageclasses'),
  Pod: namespaced('v1', 'pods'),
  Service: namespaced('v1', 'services'),
  ServiceAccount: namespaced('v1', 'serviceaccounts'),
  Secret: namespaced('v1', 'secrets'),
  ConfigMap: namespaced('v1', 'configmaps'),
  Event: namespaced('v1', 'events'),
  PersistentVolumeClaim: namespaced('v1', 'persistentvolumeclaims'),
  ResourceQuota: namespaced('v1', 'resourcequotas'),
  LimitRange: namespaced('v1', 'limitranges'),
  Deployment: namespaced('apps/v1', 'deployments'),
  ReplicaSet: namespaced('apps/v1', 'replicasets'),
  StatefulSet: namespaced('apps/v1', 'statefulsets'),
  DaemonSet: namespaced('apps/v1', 'daemonsets'),
  Job: namespaced('batch/v1', 'jobs'),
  CronJob: namespaced('batch/v1', 'cronjobs'),
  EndpointSlice: namespaced('discovery.k8s.io/v1', 'endpointslices'),
  NetworkPolicy: namespaced('networking.k8s.io/v1', 'networkpolicies'),
  PodDisruptionBudget: namespaced('policy/v1', 'poddisruptionbudgets'),
  RoleBinding: namespaced('rbac.authorization.k8s.io/v1', 'rolebindings'),
} as const satisfies Record<string, Resource>;

export type Kind = keyof typeof resources;

/** Path below the server: `/apis/apps/v1/namespaces/shop-prod/deployments/cart`. Left out parts are left out. */
export function resourcePath(kind: Kind, namespace?: string, name?: string): string {
  const { apiVersion, plural, namespaced: needsNamespace } = resources[kind];
  if (name !== undefined && needsNamespace && namespace === undefined) throw new TypeError(`${kind} needs a namespace`);
  if (!needsNamespace && namespace !== undefined) throw new TypeError(`${kind} has no namespace`);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${plural}${object}`;
}
