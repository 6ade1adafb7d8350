import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operations and the idempotency keys that led to them. */
export class CreateOperations1763719200001 implements MigrationInterface {
  readonly name = 'CreateOperations1763719200001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table operation (
        id text primary key,
        kind text not null,
        target text not null,
        project text,
        environment text,
        state text not null,
        actor jsonb not null,
        cause text,
        accepted_at timestamptz not null,
        started_at timestamptz,
        ended_at timestamptz,
        deadline_at timestamptz not null,
        steps jsonb not null default '[]',
        problem jsonb,
        result jsonb,
        correlation_id text not null
      )`);
    await runner.query('create index operation_newest on operation (accepted_at desc, id desc)');
    await runner.query('create index operation_of_target on operation (target, accepted_at desc, id desc)');
    await runner.query(
      'create index operation_of_scope on operation (project, environment, accepted_at desc, id desc)',
    );
    await runner.query(`create index operation_running on operation (deadline_at) where ended_at is null`);
    await runner.query(`create index operation_durations on operation (kind, ended_at desc) where state = 'succeeded'`);
    await runner.query(`
      create table idempotency_key (
        user_id text not null,
        key text not null,
        request_hash text not null,
        operation_id text not null,
        target text not null,
        created_at timestamptz not null,
        primary key (user_id, key)
      )`);
    await runner.query('create index idempotency_key_by_age on idempotency_key (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_key');
    await runner.query('drop table operation');
  }
}
