import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users, their roles, sessions and machine tokens, and the projects that bindings refer to. */
export class CreateAccounts1763719200000 implements MigrationInterface {
  readonly name = 'CreateAccounts1763719200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table app_user (
        id text primary key,
        username text not null unique,
        name text not null,
        password_hash text not null,
        must_change_password boolean not null,
        active boolean not null default true,
        last_login_at timestamptz,
        created_at timestamptz not null
      )`);
    await runner.query(`
      create table role_binding (
        user_id text not null references app_user (id) on delete cascade,
        role text not null,
        scope text not null,
        primary key (user_id, role, scope)
      )`);
    await runner.query(`
      create table session (
        id text primary key,
        token_hash text not null unique,
        user_id text not null references app_user (id) on delete cascade,
        address text,
        created_at timestamptz not null,
        seen_at timestamptz not null
      )`);
    await runner.query('create index session_by_user on session (user_id)');
    await runner.query(`
      create table machine_token (
        id text primary key,
        name text not null,
        permission text not null,
        token_hash text not null unique,
        created_by text not null,
        created_at timestamptz not null,
        expires_at timestamptz not null
      )`);
    await runner.query(`
      create table project (
        slug text primary key,
        tenant text not null,
        name text not null,
        retired boolean not null
      )`);
    await runner.query('create index project_by_tenant on project (tenant)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['project', 'machine_token', 'session', 'role_binding', 'app_user'])
      await runner.query(`drop table ${table}`);
  }
}
