import type { OperationKind, Problem } from '@berth/contracts';
import type { Placement } from './placement.js';
/** A change that the user makes to a placement, outside of releases. */
export type Change = {
    readonly kind: Extract<OperationKind, 'service.scale'>;
    readonly replicas: number;
} | {
    readonly kind: Extract<OperationKind, 'service.start' | 'service.stop'>;
};
/** The placement as it shall be, or why there is nothing to change. A stopped service keeps the total it is given. */
export declare function changed(placement: Placement, change: Change): Placement | {
    readonly problem: Problem;
};
//# sourceMappingURL=change.d.ts.map