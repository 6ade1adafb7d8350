import type { Migration } from '@berth/platform/postgres';
import { Cmdb1763715600000 } from './1763715600000-cmdb.js';

export const migrations: Migration[] = [Cmdb1763715600000];
