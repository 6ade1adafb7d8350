import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The end of what containers wrote, of each run that is over: it outlives them in their clusters. */
export class KeptLogs1763900000040 implements MigrationInterface {
  readonly name = 'KeptLogs1763900000040';

  async up(runner: QueryRunner): Promise<void> {
    // It goes with the row of its container, and so with the same retention.
    await runner.query(
      `create table kept_log (
        container_uid text not null references container (uid) on delete cascade,
        run int not null,
        lines text not null,
        is_over boolean not null,
        read_at timestamptz not null default clock_timestamp(),
        primary key (container_uid, run)
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table kept_log');
  }
}
