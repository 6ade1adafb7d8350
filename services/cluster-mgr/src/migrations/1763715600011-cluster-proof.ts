import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The proof of a cluster's phase as codes with numbers, beside the English sentence. */
export class ClusterProof1763715600011 implements MigrationInterface {
  readonly name = 'ClusterProof1763715600011';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cluster add column proof jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cluster drop column proof');
  }
}
