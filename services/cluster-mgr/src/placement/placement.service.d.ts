import { type DataOf, type Envelope, type Message, type placeService, type releasePlacement, type ServiceStateData } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { Outbox } from '@berth/platform/outbox';
import type { Tx } from '@berth/platform/postgres';
import { Operations } from '../operation/operations.js';
import { type Change } from './change.js';
/**
 * Decides where services run. Every decision is one transaction that first locks the clusters, so that what is counted as
 * reserved cannot change before the new reservation is written.
 */
export declare class Placements {
    private readonly outbox;
    private readonly operations;
    private readonly clock;
    constructor(outbox: Outbox, operations: Operations, clock: Clock);
    /** ipaas asks for a candidate spec. Its operation is ipaas's; the answer is an event. */
    place({ envelope, data }: Message<DataOf<typeof placeService>>, tx: Tx): Promise<void>;
    /** A candidate was dropped, or the service is gone. */
    release({ envelope, data }: Message<DataOf<typeof releasePlacement>>, tx: Tx): Promise<void>;
    /** Scale, start or stop: conducted here, from the decision until everything of its generation runs. */
    change(change: Change, { key, uid }: {
        key: string;
        uid: string;
    }, envelope: Envelope, tx: Tx): Promise<void>;
    /** What ipaas says of a service: an operation whose generation has settled is done, a candidate is the live one. */
    serviceSaid(said: ServiceStateData, tx: Tx): Promise<void>;
    /** The state stream says that an incarnation is gone; its release should have come before. */
    serviceGone(key: string, uid: string | undefined, tx: Tx): Promise<void>;
    /** What runs in a readmitted cluster is claimed anew under its new epoch, so that it is no longer fenced off. */
    renewEpoch(tx: Tx, cluster: string, epoch: number, causedBy: Envelope): Promise<void>;
    private decide;
    private begin;
    private save;
    private sayPlaced;
    private sayUnplaceable;
}
//# sourceMappingURL=placement.service.d.ts.map