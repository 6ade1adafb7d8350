import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Services, releases, desired and observed state, operations, secrets, and what the CMDB said. */
export class CreateServices1763000000001 implements MigrationInterface {
  readonly name = 'CreateServices1763000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`drop table ${table}`);
  }
}

const tables = [
  'service_secret',
  'service_operation',
  'service_observed',
  'service_target',
  'service_release',
  'service',
  'catalog_service',
  'project',
];

const statements = [
  `create table project (
    slug text primary key,
    code text not null,
    name text not null,
    business_line jsonb not null,
    retired boolean not null,
    allows_unregistered boolean not null,
    updated_at timestamptz not null
  )`,
  `create table catalog_service (
    project text not null,
    code text not null,
    name text not null,
    cmdb_id text not null,
    owner text,
    retired boolean not null,
    updated_at timestamptz not null,
    primary key (project, code)
  )`,
  // A row lives from the first deploy until the service is gone from every cluster; so one row per key.
  `create table service (
    uid uuid primary key,
    key text not null unique,
    project text not null,
    environment text not null,
    code text not null,
    name text not null,
    spec_version int not null,
    live_release int,
    target_release int,
    candidate_release int,
    restart_token text,
    generation int not null default 0,
    applied_generation int not null default 0,
    settled_generation int not null default 0,
    initial jsonb not null,
    placement jsonb,
    deleting boolean not null default false,
    state text not null,
    reason text,
    unready_since timestamptz,
    last_change jsonb,
    emitted text,
    due_at timestamptz,
    observed_until timestamptz not null default '-infinity',
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create index service_by_place on service (project, environment, code)`,
  `create index service_due on service (due_at) where due_at is not null`,
  `create table service_release (
    service_uid uuid not null references service (uid) on delete cascade,
    number int not null,
    spec_version int not null,
    kind text not null,
    from_release int,
    spec jsonb not null,
    image jsonb not null,
    rendered jsonb not null,
    renderer_version int not null,
    actor jsonb not null,
    cause text,
    operation_id uuid not null,
    result text not null,
    created_at timestamptz not null,
    ready_at timestamptz,
    primary key (service_uid, number)
  )`,
  `create table service_target (
    service_uid uuid not null references service (uid) on delete cascade,
    cluster text not null,
    key text not null,
    epoch int not null,
    generation int not null,
    release int not null,
    replicas int not null,
    restart_token text,
    halted boolean not null default false,
    phase text not null default 'run',
    changed_at timestamptz not null,
    primary key (service_uid, cluster)
  )`,
  `create index service_target_by_cluster on service_target (cluster, key)`,
  `create table service_observed (
    service_uid uuid not null references service (uid) on delete cascade,
    cluster text not null,
    generation int not null,
    epoch int not null,
    release int not null,
    restart_token text,
    replicas int not null,
    updated int not null,
    ready int not null,
    available int not null,
    halted boolean not null,
    rolled_out boolean not null,
    cause_code text,
    cause_detail text,
    fresh boolean not null,
    external_change jsonb,
    observed_at timestamptz not null,
    primary key (service_uid, cluster)
  )`,
  // One row per operation for ever: it is the guard that lets an operation end once. No foreign key: it outlives its service.
  `create table service_operation (
    id uuid primary key,
    service_uid uuid not null,
    key text not null,
    kind text not null,
    conductor text not null,
    phase text not null,
    release int,
    generation int,
    restart_token text,
    steps jsonb not null,
    command jsonb not null,
    started_at timestamptz not null,
    deadline_at timestamptz not null,
    rollout_deadline_at timestamptz,
    ended_at timestamptz,
    end_state text
  )`,
  `create index service_operation_running on service_operation (service_uid) where ended_at is null`,
  `create table service_secret (
    key text not null,
    name text not null,
    version int not null,
    sealed jsonb not null,
    created_by text not null,
    created_at timestamptz not null,
    primary key (key, name, version)
  )`,
];
