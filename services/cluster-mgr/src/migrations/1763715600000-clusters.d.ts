import type { MigrationInterface, QueryRunner } from 'typeorm';
/** Registry of clusters, what is seen of them, and the operations that cluster-mgr conducts. */
export declare class Clusters1763715600000 implements MigrationInterface {
    readonly name = "Clusters1763715600000";
    up(runner: QueryRunner): Promise<void>;
    down(runner: QueryRunner): Promise<void>;
}
//# sourceMappingURL=1763715600000-clusters.d.ts.map