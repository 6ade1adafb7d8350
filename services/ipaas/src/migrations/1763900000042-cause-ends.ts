import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The end of a container that is why a service is not well, in numbers. */
export class CauseEnds1763900000042 implements MigrationInterface {
  readonly name = 'CauseEnds1763900000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table service_observed add column cause_end jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table service_observed drop column cause_end');
  }
}
