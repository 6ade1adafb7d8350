export type * from './client.js';
export { ClusterError, isClusterError, type ClusterErrorKind } from './errors.js';
export { resources, type Kind } from './kinds.js';
export { berthAnnotations, berthFieldManager, berthLabels } from './labels.js';
export type * from './slim.js';
export type * from './watch.js';
export type * from './connection.js';
export type * from './probe.js';
