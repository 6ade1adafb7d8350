import type { MigrationInterface, QueryRunner } from 'typeorm';
/** Placements with their totals, and what they reserve in each cluster. */
export declare class Placements1763715600001 implements MigrationInterface {
    readonly name = "Placements1763715600001";
    up(runner: QueryRunner): Promise<void>;
    down(runner: QueryRunner): Promise<void>;
}
//# sourceMappingURL=1763715600001-placements.d.ts.map