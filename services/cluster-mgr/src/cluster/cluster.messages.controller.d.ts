import { observedCluster, readmitCluster, registerCluster, type DataOf, type Message } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Clusters } from './cluster.service.js';
export declare class ClusterMessages {
    private readonly clusters;
    constructor(clusters: Clusters);
    registerCluster(message: Message<DataOf<typeof registerCluster>>, tx: Tx): Promise<void>;
    readmitCluster(message: Message<DataOf<typeof readmitCluster>>, tx: Tx): Promise<void>;
    observedCluster({ data, envelope }: Message<DataOf<typeof observedCluster>>, tx: Tx): Promise<void>;
}
//# sourceMappingURL=cluster.messages.controller.d.ts.map