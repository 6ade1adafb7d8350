import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows of the audit log are written first and chained behind the write: `position` is the order of writing, `sequence`
 * and the hashes come later. Rows that are there keep their place in the chain.
 */
export class ChainAuditBehindWrites1763719210000 implements MigrationInterface {
  readonly name = 'ChainAuditBehindWrites1763719210000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit disable trigger audit_append_only');
    await runner.query('create sequence audit_position');
    await runner.query('alter table audit add column position bigint');
    await runner.query('alter sequence audit_position owned by audit.position');
    await runner.query('update audit set position = sequence');
    await runner.query(`select setval('audit_position', coalesce((select max(position) from audit), 0) + 1, false)`);
    await runner.query(`alter table audit alter column position set default nextval('audit_position')`);
    await runner.query('alter table audit alter column position set not null');
    await runner.query('alter table audit drop constraint audit_pkey');
    await runner.query('alter table audit add primary key (position)');
    await runner.query('alter table audit add constraint audit_sequence unique (sequence)');
    for (const column of ['sequence', 'prev_hash', 'hash'])
      await runner.query(`alter table audit alter column ${column} drop not null`);
    await runner.query('alter table audit add constraint audit_chained check ((sequence is null) = (hash is null))');
    await runner.query('create index audit_unchained on audit (position) where sequence is null');
    await runner.query('create index audit_by_time on audit (at)');
    await runner.query('create index audit_by_actor on audit (actor_name, position desc)');
    await runner.query('create index audit_by_target on audit (target text_pattern_ops, position desc)');
    await runner.query('drop trigger audit_append_only on audit');
    await runner.query(`
      create trigger audit_append_only before delete or truncate on audit
      for each statement execute function audit_is_append_only()`);
    await runner.query(`
      create function audit_may_only_be_chained() returns trigger language plpgsql as $$
      begin
        if old.sequence is null and new.sequence is not null
          and to_jsonb(new) - '{sequence,prev_hash,hash}'::text[] = to_jsonb(old) - '{sequence,prev_hash,hash}'::text[]
        then return new; end if;
        raise exception 'the audit log is only added to';
      end $$`);
    await runner.query(`
      create trigger audit_only_chained before update on audit
      for each row execute function audit_may_only_be_chained()`);
    await runner.query(`
      create table audit_verification (
        id bigint generated always as identity primary key,
        at timestamptz not null,
        by text not null,
        rows bigint not null,
        head_sequence bigint not null,
        head_hash text not null,
        duration_ms integer not null,
        findings jsonb not null
      )`);
  }

  /** Only possible while every row is chained. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_verification');
    await runner.query('drop trigger audit_only_chained on audit');
    await runner.query('drop function audit_may_only_be_chained');
    await runner.query('drop trigger audit_append_only on audit');
    for (const index of ['audit_unchained', 'audit_by_time', 'audit_by_actor', 'audit_by_target'])
      await runner.query(`drop index ${index}`);
    await runner.query('alter table audit drop constraint audit_chained');
    await runner.query('alter table audit drop constraint audit_sequence');
    await runner.query('alter table audit drop constraint audit_pkey');
    for (const column of ['sequence', 'prev_hash', 'hash'])
      await runner.query(`alter table audit alter column ${column} set not null`);
    await runner.query('alter table audit add primary key (sequence)');
    await runner.query('alter table audit drop column position');
    await runner.query(`
      create trigger audit_append_only before update or delete or truncate on audit
      for each statement execute function audit_is_append_only()`);
  }
}
