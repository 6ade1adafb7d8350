import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the CMDB said, and when. Rows are retired, never deleted. */
export class Cmdb1763715600000 implements MigrationInterface {
  readonly name = 'Cmdb1763715600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cmdb_source (
        source text primary key,
        version bigint not null,
        content_hash text not null
      )`);
    await runner.query(`
      create table business_line (
        source text not null,
        cmdb_id text not null,
        code text not null,
        name text not null,
        allows_unregistered boolean not null,
        retired boolean not null,
        updated_at timestamptz not null,
        primary key (source, cmdb_id)
      )`);
    // The line's name and switch are copied, because they are part of what is said about a project.
    await runner.query(`
      create table project (
        slug text collate "C" primary key,
        source text not null,
        cmdb_id text not null,
        code text not null,
        name text not null,
        line_id text not null,
        line_code text not null,
        line_name text not null,
        allows_unregistered boolean not null,
        retired boolean not null,
        updated_at timestamptz not null,
        unique (source, cmdb_id)
      )`);
    await runner.query(`
      create table catalog_service (
        project text collate "C" not null references project (slug),
        code text collate "C" not null,
        source text not null,
        cmdb_id text not null,
        name text not null,
        owner text,
        retired boolean not null,
        updated_at timestamptz not null,
        primary key (project, code)
      )`);
    await runner.query('create index catalog_service_by_source on catalog_service (source)');
    await runner.query(`
      create table cmdb_push (
        position bigint generated always as identity primary key,
        id uuid not null unique,
        source text not null,
        version bigint not null,
        dry_run boolean not null,
        at timestamptz not null,
        duration_ms double precision not null,
        result text not null,
        counts jsonb not null,
        rejected jsonb not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['cmdb_push', 'catalog_service', 'project', 'business_line', 'cmdb_source'])
      await runner.query(`drop table ${table}`);
  }
}
