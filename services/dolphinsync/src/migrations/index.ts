import type { Migration } from '@berth/platform/postgres';
import { Cmdb1763715600000 } from './1763715600000-cmdb.js';
import { CmdbDepth1763802000000 } from './1763802000000-cmdb-depth.js';

export const migrations: Migration[] = [Cmdb1763715600000, CmdbDepth1763802000000];
