import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Services whose clusters are left as they are: nothing is placed anew for them. */
export class PausedServices1763715600002 implements MigrationInterface {
  readonly name = 'PausedServices1763715600002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table placement add column paused boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table placement drop column paused');
  }
}
