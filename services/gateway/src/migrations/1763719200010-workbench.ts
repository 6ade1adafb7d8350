import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who looks after what, what people keep, and what operations change. */
export class CreateWorkbench1763719200010 implements MigrationInterface {
  readonly name = 'CreateWorkbench1763719200010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table acknowledgement (
        target text primary key,
        project text not null,
        environment text not null,
        user_id text not null,
        user_name text not null,
        note text,
        at timestamptz not null,
        until timestamptz not null
      )`);
    await runner.query('create index acknowledgement_by_end on acknowledgement (until)');
    await runner.query(`
      create table user_preference (
        user_id text primary key,
        value jsonb not null,
        saved_at timestamptz not null
      )`);
    await runner.query('alter table operation add column effect jsonb');
    await runner.query(`create index operation_of_actor on operation ((actor ->> 'id'), accepted_at desc, id desc)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index operation_of_actor');
    await runner.query('alter table operation drop column effect');
    await runner.query('drop table user_preference');
    await runner.query('drop table acknowledgement');
  }
}
