import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who gave which role when, tokens of people, and what a session was begun with. */
export class ExplainMembers1763719210001 implements MigrationInterface {
  readonly name = 'ExplainMembers1763719210001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table role_binding add column given_by text, add column given_at timestamptz');
    await runner.query('create index role_binding_by_scope on role_binding (scope text_pattern_ops)');
    await runner.query('alter table session add column user_agent text');
    await runner.query('alter table machine_token alter column permission drop not null');
    await runner.query(`
      alter table machine_token
        add column user_id text references app_user (id) on delete cascade,
        add column last_used_at timestamptz,
        add constraint machine_token_kind check ((permission is null) = (user_id is not null))`);
    await runner.query('create index machine_token_by_user on machine_token (user_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from machine_token where permission is null');
    await runner.query('drop index machine_token_by_user');
    await runner.query(`
      alter table machine_token drop constraint machine_token_kind, drop column user_id, drop column last_used_at`);
    await runner.query('alter table machine_token alter column permission set not null');
    await runner.query('alter table session drop column user_agent');
    await runner.query('drop index role_binding_by_scope');
    await runner.query('alter table role_binding drop column given_by, drop column given_at');
  }
}
