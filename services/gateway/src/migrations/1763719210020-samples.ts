import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens that push for one source only, and accounts that go and come back with a sample. */
export class Samples1763719210020 implements MigrationInterface {
  readonly name = 'Samples1763719210020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table machine_token add column source text');
    await runner.query(
      'alter table app_user add column sample text, add column sample_away boolean not null default false',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table app_user drop column sample_away, drop column sample');
    await runner.query('alter table machine_token drop column source');
  }
}
