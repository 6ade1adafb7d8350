export type * from './client.js';
export { createClusterClient, type ClusterClientOptions } from './cluster-client.js';
export type * from './connection.js';
export { ClusterError, isClusterError, type ClusterErrorKind } from './errors.js';
export { resources, type Kind } from './kinds.js';
export { parseKubeconfig } from './kubeconfig.js';
export { berthAnnotations, berthFieldManager, berthLabels } from './labels.js';
export { probeReadyz, type ReadyzProbe, type ReadyzTarget } from './probe.js';
export { deploymentProjection, projectDeployment } from './project-deployment.js';
export {
  eventProjection,
  namespaceProjection,
  nodeProjection,
  projectEvent,
  projectNamespace,
  projectNode,
} from './project-others.js';
export { plainRow } from './plain.js';
export { podProjection, projectPod } from './project-pod.js';
export { cpuMillis, formatCpu, formatMemory, memoryBytes, memoryMiB, wholeCount } from './quantity.js';
export type * from './slim.js';
export type * from './watch.js';
export { FakeCluster, type BehaviourMatch, type FakeClusterOptions } from './fake-cluster.js';
export type { FakeBehaviour } from './fake-kubelet.js';
