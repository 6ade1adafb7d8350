import type { PlacementPreview } from '@berth/api';
import { type PlacementPolicy, type Size } from '@berth/contracts';
import { Database } from '@berth/platform/postgres';
import { type Change } from './change.js';
import type { Placement } from './placement.js';
export interface Previewed {
    readonly size: Size;
    readonly replicas: number;
    readonly policy: PlacementPolicy;
}
/** Answers what would be decided now. Reserves nothing. */
export declare class PlacementReader {
    private readonly database;
    constructor(database: Database);
    /** `key` is a service that may run already: what it holds counts as free for it. */
    preview(key: string, asked: Previewed): Promise<PlacementPreview>;
    /** The service that a change is for. @throws ProblemError when the change would be refused now. */
    check(key: string, change: Change): Promise<Placement>;
}
//# sourceMappingURL=placement.reader.d.ts.map