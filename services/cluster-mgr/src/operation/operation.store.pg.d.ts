import type { Tx } from '@berth/platform/postgres';
import type { Running } from './operation.js';
/** Remembers an operation in its first state. False when it is known already: then it was conducted before. */
export declare function insert(tx: Tx, operation: Running, state: 'running' | 'refused'): Promise<boolean>;
/** The one guard of "ends exactly once": true for whoever ended it. */
export declare function end(tx: Tx, operationId: string, state: string): Promise<boolean>;
export declare function runningOf(tx: Tx, target: string): Promise<Running[]>;
/** Running operations past their deadline that no other copy is ending. */
export declare function overdue(tx: Tx, now: Date, limit: number): Promise<Running[]>;
/** Ended operations are kept as long as a command might come again. */
export declare function prune(tx: Tx, before: Date): Promise<void>;
//# sourceMappingURL=operation.store.pg.d.ts.map