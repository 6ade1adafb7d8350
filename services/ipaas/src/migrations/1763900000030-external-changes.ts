import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Several changes by others instead of the last one. The column of the last one stays for the version before, and is no
 * longer written.
 */
export class ExternalChanges1763900000030 implements MigrationInterface {
  readonly name = 'ExternalChanges1763900000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table service_observed add column external_changes jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table service_observed drop column external_changes');
  }
}
