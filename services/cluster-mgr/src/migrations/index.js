import { Clusters1763715600000 } from './1763715600000-clusters.js';
import { Placements1763715600001 } from './1763715600001-placements.js';
export const migrations = [Clusters1763715600000, Placements1763715600001];
//# sourceMappingURL=index.js.map