import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit log, which is only ever added to, and the browser feed. */
export class CreateAuditAndFeed1763719200002 implements MigrationInterface {
  readonly name = 'CreateAuditAndFeed1763719200002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit (
        sequence bigint primary key,
        at timestamptz not null,
        actor_id text not null,
        actor_name text not null,
        actor_channel text not null,
        address text,
        action text not null,
        target text not null,
        cause text,
        result text not null,
        problem_code text,
        operation_id text,
        correlation_id text not null,
        prev_hash text not null,
        hash text not null
      )`);
    await runner.query('create index audit_of_target on audit (target, sequence desc)');
    await runner.query('create index audit_of_actor on audit (actor_name, sequence desc)');
    // One row: the end of the chain. Its row lock is what puts the rows of all copies into one order.
    await runner.query(`
      create table audit_head (
        is_only boolean primary key default true check (is_only),
        sequence bigint not null,
        hash text not null
      )`);
    await runner.query(`insert into audit_head (sequence, hash) values (0, '')`);
    await runner.query(`
      create function audit_is_append_only() returns trigger language plpgsql as
      $$ begin raise exception 'the audit log is only added to'; end $$`);
    await runner.query(`
      create trigger audit_append_only before update or delete or truncate on audit
      for each statement execute function audit_is_append_only()`);

    await runner.query('create sequence feed_seq');
    // seq is given after the commit by feed.tail: a row that commits late must not get a number that readers have passed.
    await runner.query(`
      create table feed (
        position bigint generated always as identity primary key,
        seq bigint unique,
        kind text not null,
        key text not null,
        version bigint not null,
        project text,
        environment text,
        at timestamptz not null
      )`);
    await runner.query('create index feed_unnumbered on feed (position) where seq is null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table feed');
    await runner.query('drop sequence feed_seq');
    await runner.query('drop table audit_head');
    await runner.query('drop table audit');
    await runner.query('drop function audit_is_append_only');
  }
}
