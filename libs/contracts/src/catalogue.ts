import {
  cancelPlacementOperation,
  placeService,
  readmitCluster,
  registerCluster,
  releasePlacement,
  removeCluster,
  scaleService,
  splitService,
  startService,
  stopService,
} from './cluster-mgr/commands.js';
import { clusterState, placed, unplaceable } from './cluster-mgr/events.js';
import { removeSource, restoreSource } from './dolphinsync/commands.js';
import { catalogServiceState, cmdbSourceState, projectState } from './dolphinsync/states.js';
import {
  cancelServiceOperation,
  deleteService,
  deployService,
  pauseService,
  restartService,
  resumeService,
  rollbackService,
  upgradeService,
} from './ipaas/commands.js';
import { observedCluster, serviceState } from './ipaas/states.js';
import type { DataOf, MessageRow, Stream } from './kernel/define.js';
import type { Message } from './kernel/envelope.js';
import type { ServiceName } from './kernel/names.js';
import { clusterMgrOperationChanged, dolphinsyncOperationChanged, ipaasOperationChanged } from './kernel/operation.js';
import {
  publicServiceContainers,
  publicServiceDeleted,
  publicServiceReleased,
  publicServiceScaled,
} from './public/events.js';

/** Every message of the system. The name of a row is the name of the method that handles it. */
export const catalogue = {
  deployService,
  upgradeService,
  rollbackService,
  restartService,
  pauseService,
  resumeService,
  deleteService,
  cancelServiceOperation,
  serviceState,
  observedCluster,
  ipaasOperationChanged,

  placeService,
  releasePlacement,
  scaleService,
  splitService,
  startService,
  stopService,
  cancelPlacementOperation,
  registerCluster,
  readmitCluster,
  removeCluster,
  placed,
  unplaceable,
  clusterState,
  clusterMgrOperationChanged,

  removeSource,
  restoreSource,
  projectState,
  catalogServiceState,
  cmdbSourceState,
  dolphinsyncOperationChanged,

  publicServiceReleased,
  publicServiceScaled,
  publicServiceDeleted,
  publicServiceContainers,
} as const;

export type Catalogue = typeof catalogue;
export type MessageName = keyof Catalogue;

/** Names of the messages that a service must handle. */
export type HandledBy<Service extends ServiceName> = {
  [Name in MessageName]: Service extends Catalogue[Name]['consumers'][number] ? Name : never;
}[MessageName];

/**
 * The handlers a service must have: one method for each message it consumes, named like the row. `Tx` is the one
 * transaction of the inbox row, the effect and the outbox rows. A missing method does not compile.
 */
export type HandlersFor<Service extends ServiceName, Tx> = {
  [Name in HandledBy<Service>]: (message: Message<DataOf<Catalogue[Name]>>, tx: Tx) => Promise<void>;
};

/** All rows by CloudEvents type, as `parseRecord` needs them. */
export const rowsByType: ReadonlyMap<string, MessageRow> = new Map(
  Object.values(catalogue).map((row) => [row.type, row as unknown as MessageRow]),
);

/** The rows a service consumes. */
export function rowsConsumedBy(service: ServiceName): MessageRow[] {
  return [...rowsByType.values()].filter((row) => row.consumers.includes(service));
}

/** All topics, each once, in a stable order. */
export const streams: readonly Stream[] = [
  ...new Map([...rowsByType.values()].map((row) => [row.stream.name, row.stream])).values(),
].sort((a, b) => a.name.localeCompare(b.name));

/** Operation events by conductor. */
export const operationChangedBy = {
  ipaas: ipaasOperationChanged,
  'cluster-mgr': clusterMgrOperationChanged,
  dolphinsync: dolphinsyncOperationChanged,
} as const;
export type Conductor = keyof typeof operationChangedBy;
