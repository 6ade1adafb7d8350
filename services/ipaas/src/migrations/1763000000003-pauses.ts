import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who paused a service, and since when it is in its state. */
export class Pauses1763000000003 implements MigrationInterface {
  readonly name = 'Pauses1763000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table service add column pause jsonb, add column state_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table service drop column pause, drop column state_since');
  }
}
