import type { Migration } from '@berth/platform/postgres';
import { Cmdb1763715600000 } from './1763715600000-cmdb.js';
import { CmdbDepth1763802000000 } from './1763802000000-cmdb-depth.js';
import { Decisions1763888400000 } from './1763888400000-decisions.js';

export const migrations: Migration[] = [Cmdb1763715600000, CmdbDepth1763802000000, Decisions1763888400000];
