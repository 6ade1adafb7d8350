import type { Migration } from '@berth/platform/postgres';
import { Clusters1763715600000 } from './1763715600000-clusters.js';
import { Placements1763715600001 } from './1763715600001-placements.js';
import { PausedServices1763715600002 } from './1763715600002-paused-services.js';
import { RemovedClusters1763715600003 } from './1763715600003-removed-clusters.js';
import { Cancels1763715600010 } from './1763715600010-cancels.js';
import { ClusterProof1763715600011 } from './1763715600011-cluster-proof.js';
import { Moves1763715600020 } from './1763715600020-moves.js';

export const migrations: Migration[] = [
  Clusters1763715600000,
  Placements1763715600001,
  PausedServices1763715600002,
  RemovedClusters1763715600003,
  Cancels1763715600010,
  ClusterProof1763715600011,
  Moves1763715600020,
];
