import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The second half of a move, kept until the first has settled. */
export class Moves1763715600020 implements MigrationInterface {
  readonly name = 'Moves1763715600020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table placement add column moving jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table placement drop column moving');
  }
}
