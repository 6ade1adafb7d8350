import type { Migration } from '@berth/platform/postgres';
export declare const migrations: Migration[];
//# sourceMappingURL=index.d.ts.map