import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Migration } from '../postgres/index.js';

/** What is kept of a record as it came: enough to handle it later, or to show it. */
const record = `
  stream text not null,
  partition integer not null,
  "offset" bigint not null,
  key text not null,
  headers jsonb not null,
  value bytea`;

class CreateInbox1700000000200 implements MigrationInterface {
  readonly name = 'CreateInbox1700000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table inbox (
        source text not null,
        id uuid not null,
        at timestamptz not null default clock_timestamp(),
        primary key (source, id)
      )`);
    await runner.query('create index inbox_by_age on inbox using brin (at)');
    await runner.query(`
      create table inbox_sequence (
        source text not null,
        stream text not null,
        key text not null,
        last bigint not null,
        primary key (source, stream, key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table inbox_sequence');
    await runner.query('drop table inbox');
  }
}

class CreateRetry1700000000210 implements MigrationInterface {
  readonly name = 'CreateRetry1700000000210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table retry (
        position bigint generated always as identity primary key,
        ${record},
        type text not null,
        attempts integer not null,
        next_at timestamptz not null,
        error text,
        replayed boolean not null default false,
        created_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query('create index retry_by_key on retry (stream, key, position)');
    await runner.query('create index retry_by_time on retry (next_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table retry');
  }
}

class CreateDeadLetter1700000000220 implements MigrationInterface {
  readonly name = 'CreateDeadLetter1700000000220';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table dead_letter (
        id bigint generated always as identity primary key,
        ${record},
        type text,
        envelope jsonb,
        reason text not null,
        error text,
        attempts integer not null,
        at timestamptz not null default clock_timestamp(),
        resolved_at timestamptz,
        resolved_by text,
        resolution text check (resolution in ('replayed', 'discarded'))
      )`);
    await runner.query(
      'create unique index dead_letter_open on dead_letter (stream, partition, "offset") where resolved_at is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table dead_letter');
  }
}

class ExplainDeadLetter1700000000230 implements MigrationInterface {
  readonly name = 'ExplainDeadLetter1700000000230';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table dead_letter
        add column first_at timestamptz,
        add column resolution_cause text,
        add column replay_operation_id text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table dead_letter drop column first_at, drop column resolution_cause, drop column replay_operation_id`);
  }
}

/** Tables `inbox`, `inbox_sequence`, `retry` and `dead_letter`. */
export const busMigrations: readonly Migration[] = [
  CreateInbox1700000000200,
  CreateRetry1700000000210,
  CreateDeadLetter1700000000220,
  ExplainDeadLetter1700000000230,
];
