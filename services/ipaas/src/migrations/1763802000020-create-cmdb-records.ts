import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the CMDB takes back: one light record a service, as it was said last. */
export class CreateCmdbRecords1763802000020 implements MigrationInterface {
  readonly name = 'CreateCmdbRecords1763802000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table cmdb_record (
      key text collate "C" primary key,
      uid uuid not null,
      body jsonb not null,
      deleted boolean not null,
      changed_at timestamptz not null
    )`);
    await runner.query(`create index cmdb_record_by_change on cmdb_record (changed_at, key)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table cmdb_record');
  }
}
