import type { PlacementPreview } from '@berth/api';
import { type Placement as Split } from '@berth/engines/scheduler';
import { type Room, type Wish } from './room.js';
/** A split for the form: a row for every cluster, with its share or the reason why it has none. */
export declare function previewOf(wish: Wish, rooms: readonly Room[], result: Split): PlacementPreview;
//# sourceMappingURL=preview.d.ts.map