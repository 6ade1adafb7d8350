import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Decisions are listed by when they were made, links are looked up by their entry, a sample knows how often it came back. */
export class Decisions1763888400000 implements MigrationInterface {
  readonly name = 'Decisions1763888400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index vanished_decided on vanished ((coalesce(closed_at, decided_at)) desc, position desc)
       where closed_at is not null or decided_at is not null`,
    );
    await runner.query('create index catalog_service_by_entry on catalog_service (source, cmdb_id)');
    await runner.query('alter table cmdb_source add restores int not null default 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table cmdb_source drop restores');
    await runner.query('drop index catalog_service_by_entry');
    await runner.query('drop index vanished_decided');
  }
}
