import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who asked to cancel an operation. */
export class Cancels1763719210010 implements MigrationInterface {
  readonly name = 'Cancels1763719210010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table operation add column cancel jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table operation drop column cancel');
  }
}
