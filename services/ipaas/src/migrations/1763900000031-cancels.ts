import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who cancelled an operation and what that leaves, and what a restart found, to go back to. */
export class Cancels1763900000031 implements MigrationInterface {
  readonly name = 'Cancels1763900000031';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table service_operation add column cancel jsonb, add column restart_token_before text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table service_operation drop column cancel, drop column restart_token_before');
  }
}
