import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deltas, row by row differences, what waits for a decision, what runs, the mapping, removal of a sample. */
export class CmdbDepth1763802000000 implements MigrationInterface {
  readonly name = 'CmdbDepth1763802000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'source_removal',
      'service_link',
      'line_payer',
      'running_service',
      'vanished',
      'cmdb_push_row',
    ])
      await runner.query(`drop table ${table}`);
    await runner.query('drop index cmdb_push_by_source');
    await runner.query(
      'alter table cmdb_push drop mode, drop base_version, drop sample, drop by_name, drop approval, drop rows_left_out',
    );
    await runner.query('alter table cmdb_source drop sample, drop removed, drop pushed_at');
    await runner.query('alter table business_line drop cost_centre, drop removed');
    await runner.query('alter table project drop removed');
    await runner.query('alter table catalog_service drop removed');
  }
}

const statements = [
  `alter table cmdb_source add sample boolean not null default false, add removed boolean not null default false,
     add pushed_at timestamptz`,
  // removed: retired by the removal of its source, so that a restore takes up exactly these.
  `alter table business_line add cost_centre text, add removed boolean not null default false`,
  `alter table project add removed boolean not null default false`,
  `alter table catalog_service add removed boolean not null default false`,
  `alter table cmdb_push add mode text not null default 'full', add base_version bigint,
     add sample boolean not null default false, add by_name text not null default 'cmdb', add approval jsonb,
     add rows_left_out int not null default 0`,
  `create index cmdb_push_by_source on cmdb_push (source, position desc)`,
  `create table cmdb_push_row (
    push uuid not null references cmdb_push (id) on delete cascade,
    n int not null,
    kind text not null,
    change text not null,
    body jsonb not null,
    primary key (push, n)
  )`,
  // A row stays after it was decided: who decided what is part of the story.
  `create table vanished (
    position bigint generated always as identity primary key,
    id uuid not null unique,
    source text not null,
    kind text not null,
    key text not null,
    cmdb_id text not null,
    name text not null,
    reason text not null,
    push uuid not null,
    version bigint not null,
    since timestamptz not null,
    now_at text,
    kept_until timestamptz,
    decided_by text,
    decided_at timestamptz,
    cause text,
    closed_at timestamptz,
    outcome text
  )`,
  `create unique index vanished_open on vanished (kind, key) where closed_at is null`,
  `create index vanished_open_by_push on vanished (push) where closed_at is null`,
  // What ipaas says of its services; empty of those that are gone.
  `create table running_service (
    key text collate "C" primary key,
    project text collate "C" not null,
    environment text not null,
    code text collate "C" not null,
    uid uuid not null,
    name text not null,
    state text not null,
    desired int not null,
    ready int not null,
    clusters jsonb not null
  )`,
  `create index running_service_by_catalogue on running_service (project, code)`,
  `create table line_payer (
    source text not null,
    cmdb_id text not null,
    cost_centre text not null,
    by_name text not null,
    at timestamptz not null,
    primary key (source, cmdb_id)
  )`,
  // A service of Berth and the entry of the CMDB that it is, where the codes differ.
  `create table service_link (
    project text collate "C" not null,
    code text collate "C" not null,
    source text not null,
    cmdb_id text not null,
    by_name text not null,
    at timestamptz not null,
    primary key (project, code)
  )`,
  `create index service_link_by_entry on service_link (source, cmdb_id)`,
  // A removal goes on until the last of its services is gone.
  `create table source_removal (
    operation_id uuid primary key,
    source text not null,
    envelope jsonb not null,
    started_at timestamptz not null,
    result jsonb not null,
    waits_for uuid[] not null,
    ended boolean not null default false
  )`,
];
