import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last epoch of clusters that were removed: one that is registered again goes on from there, so that no epoch is given twice. */
export class RemovedClusters1763715600003 implements MigrationInterface {
  readonly name = 'RemovedClusters1763715600003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table removed_cluster (name text primary key, epoch integer not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table removed_cluster');
  }
}
