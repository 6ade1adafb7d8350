import { placeService, releasePlacement, scaleService, serviceState, startService, stopService, type DataOf, type Message } from '@berth/contracts';
import type { Tx } from '@berth/platform/postgres';
import { Placements } from './placement.service.js';
export declare class PlacementMessages {
    private readonly placements;
    constructor(placements: Placements);
    placeService(message: Message<DataOf<typeof placeService>>, tx: Tx): Promise<void>;
    releasePlacement(message: Message<DataOf<typeof releasePlacement>>, tx: Tx): Promise<void>;
    scaleService({ data, envelope }: Message<DataOf<typeof scaleService>>, tx: Tx): Promise<void>;
    startService({ data, envelope }: Message<DataOf<typeof startService>>, tx: Tx): Promise<void>;
    stopService({ data, envelope }: Message<DataOf<typeof stopService>>, tx: Tx): Promise<void>;
    serviceState({ data, envelope }: Message<DataOf<typeof serviceState>>, tx: Tx): Promise<void>;
}
//# sourceMappingURL=placement.messages.controller.d.ts.map