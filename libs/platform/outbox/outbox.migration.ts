import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Migration } from '../postgres/index.js';

class CreateOutbox1700000000100 implements MigrationInterface {
  readonly name = 'CreateOutbox1700000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table outbox_sequence (
        stream text not null,
        key text not null,
        last bigint not null,
        primary key (stream, key)
      )`);
    // Text, not jsonb: rows live for milliseconds and are never searched, and jsonb cannot hold \\u0000.
    await runner.query(`
      create table outbox (
        position bigint generated always as identity primary key,
        shard smallint not null,
        stream text not null,
        key text not null,
        envelope text not null,
        data text,
        created_at timestamptz not null default clock_timestamp()
      )`);
    await runner.query('create index outbox_by_shard on outbox (shard, position)');
    await runner.query(
      `alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table outbox');
    await runner.query('drop table outbox_sequence');
  }
}

/** Tables `outbox` and `outbox_sequence`. */
export const outboxMigrations: readonly Migration[] = [CreateOutbox1700000000100];
