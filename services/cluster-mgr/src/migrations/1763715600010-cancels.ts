import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an operation found, and who cancelled it. */
export class Cancels1763715600010 implements MigrationInterface {
  readonly name = 'Cancels1763715600010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table conducted_operation add column before jsonb, add column cancel jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table conducted_operation drop column before, drop column cancel');
  }
}
