/** Placements with their totals, and what they reserve in each cluster. */
export class Placements1763715600001 {
    name = 'Placements1763715600001';
    async up(runner) {
        await runner.query(`
      create table placement (
        key text primary key,
        uid uuid not null,
        generation integer not null,
        total integer not null,
        stopped boolean not null,
        policy jsonb not null,
        live jsonb not null,
        candidate jsonb,
        assignments jsonb not null,
        service_state text,
        settled_generation integer not null default 0,
        decided_at timestamptz not null
      )`);
        // Sums of these decide; one row for a service and a cluster, the larger of old and candidate during an upgrade.
        await runner.query(`
      create table reservation (
        key text not null references placement (key) on delete cascade,
        cluster text not null,
        pods integer not null,
        cpu_millis bigint not null,
        memory_mib bigint not null,
        primary key (key, cluster)
      )`);
        await runner.query('create index reservation_by_cluster on reservation (cluster) include (key, pods, cpu_millis, memory_mib)');
    }
    async down(runner) {
        await runner.query('drop table reservation');
        await runner.query('drop table placement');
    }
}
//# sourceMappingURL=1763715600001-placements.js.map