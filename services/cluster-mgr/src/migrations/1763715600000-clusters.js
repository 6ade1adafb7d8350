/** Registry of clusters, what is seen of them, and the operations that cluster-mgr conducts. */
export class Clusters1763715600000 {
    name = 'Clusters1763715600000';
    async up(runner) {
        await runner.query(`
      create table cluster (
        name text primary key,
        display_name text not null,
        site text not null,
        reach text not null,
        api_server text not null,
        ca_pem text not null,
        credential jsonb not null,
        phase text not null,
        cause text not null,
        reason text not null,
        since timestamptz not null,
        epoch integer not null,
        was_ready boolean not null default false,
        registered_at timestamptz not null
      )`);
        // Written every two seconds: apart from the row that placement decisions lock.
        await runner.query('create table cluster_probes (cluster text primary key, probes jsonb not null)');
        await runner.query(`
      create table cluster_observed (
        cluster text primary key,
        epoch integer not null,
        watch text not null,
        watch_since timestamptz not null,
        heard_at timestamptz,
        detail text,
        version text,
        allocatable jsonb,
        foreign_use jsonb,
        nodes jsonb not null
      )`);
        await runner.query(`
      create table conducted_operation (
        operation_id uuid primary key,
        kind text not null,
        target text not null,
        uid uuid,
        generation integer,
        envelope jsonb not null,
        started_at timestamptz not null,
        deadline_at timestamptz not null,
        state text not null
      )`);
        await runner.query(`create index conducted_running on conducted_operation (target) where state = 'running'`);
    }
    async down(runner) {
        for (const table of ['conducted_operation', 'cluster_observed', 'cluster_probes', 'cluster'])
            await runner.query(`drop table ${table}`);
    }
}
//# sourceMappingURL=1763715600000-clusters.js.map