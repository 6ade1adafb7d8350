import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many replicas were ready, and from when on; the marks of a chart find their operations by time. */
export class CreateReadiness1763000000011 implements MigrationInterface {
  readonly name = 'CreateReadiness1763000000011';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index service_operation_by_start');
    await runner.query('drop table service_readiness');
  }
}

const statements = [
  // One row a change, not a sample: a service at rest writes nothing. `ready` is null while its cluster is silent.
  `create table service_readiness (
    service_uid uuid not null references service (uid) on delete cascade,
    cluster text not null,
    at timestamptz not null,
    ready int,
    desired int not null,
    primary key (service_uid, cluster, at)
  )`,
  `create index service_readiness_by_time on service_readiness (at)`,
  `create index service_operation_by_start on service_operation (service_uid, started_at)`,
];
