import type { Migration } from '@berth/platform/postgres';
import { CreateServices1763000000001 } from './1763000000001-create-services.js';
import { CreateClusters1763000000002 } from './1763000000002-create-clusters.js';
import { Pauses1763000000003 } from './1763000000003-pauses.js';
import { CreateReadiness1763000000011 } from './1763000000011-create-readiness.js';
import { RegistryCredentials1763000000012 } from './1763000000012-registry-credentials.js';
import { CreateCmdbRecords1763802000020 } from './1763802000020-create-cmdb-records.js';
import { ExternalChanges1763900000030 } from './1763900000030-external-changes.js';
import { Cancels1763900000031 } from './1763900000031-cancels.js';
import { KeptLogs1763900000040 } from './1763900000040-kept-logs.js';
import { DetailEnds1763900000041 } from './1763900000041-detail-ends.js';
import { CauseEnds1763900000042 } from './1763900000042-cause-ends.js';

/** In order. A merged one is never edited: version N of the service runs on schema N + 1. */
export const migrations: Migration[] = [
  CreateServices1763000000001,
  CreateClusters1763000000002,
  Pauses1763000000003,
  CreateReadiness1763000000011,
  RegistryCredentials1763000000012,
  CreateCmdbRecords1763802000020,
  ExternalChanges1763900000030,
  Cancels1763900000031,
  KeptLogs1763900000040,
  DetailEnds1763900000041,
  CauseEnds1763900000042,
];
