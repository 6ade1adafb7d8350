import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Clusters as cluster-mgr says, their sealed credentials, what was applied there, containers and addresses seen there. */
export class CreateClusters1763000000002 implements MigrationInterface {
  readonly name = 'CreateClusters1763000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`drop table ${table}`);
  }
}

const tables = ['service_address', 'container', 'applied_deployment', 'cluster_credential', 'cluster'];

const statements = [
  `create table cluster (
    name text primary key,
    display_name text not null,
    reach text not null,
    credential_name text not null,
    credential_version int not null,
    phase text not null,
    epoch int not null,
    updated_at timestamptz not null default clock_timestamp()
  )`,
  // The sealed text holds address, CA and credential together: nothing outside of the seal can send the credential elsewhere.
  `create table cluster_credential (
    name text not null,
    version int not null,
    sealed jsonb not null,
    created_by text not null,
    created_at timestamptz not null default clock_timestamp(),
    primary key (name, version)
  )`,
  // The spec generation that our last write of a Deployment left: another one means that somebody else wrote.
  `create table applied_deployment (
    service_uid uuid not null,
    cluster text not null,
    deployment_uid text not null,
    object_generation bigint not null,
    applied_at timestamptz not null default clock_timestamp(),
    primary key (service_uid, cluster)
  )`,
  // Now and past. No foreign key: past containers outlive their service for a while.
  `create table container (
    uid text primary key,
    service_uid uuid not null,
    cluster text not null,
    namespace text not null,
    name text not null,
    release int,
    image text,
    node text,
    ip text,
    state text not null,
    detail text,
    ready boolean not null,
    restarts int not null,
    restart_marks timestamptz[] not null default '{}',
    created_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    exit_code int,
    last_end jsonb
  )`,
  `create index container_now on container (service_uid, created_at desc, uid) where ended_at is null`,
  `create index container_past on container (service_uid, ended_at desc, uid) where ended_at is not null`,
  `create index container_live_by_cluster on container (cluster) where ended_at is null`,
  `create index container_by_end on container (ended_at) where ended_at is not null`,
  `create table service_address (
    service_uid uuid not null,
    cluster text not null,
    addresses jsonb not null,
    primary key (service_uid, cluster)
  )`,
];
