import { catalogue } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { silentLogger } from '@berth/platform/log';
import { Outbox } from '@berth/platform/outbox';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ClusterMessages } from './cluster/cluster.messages.controller.js';
import { Clusters } from './cluster/cluster.service.js';
import { DeadlineSweep } from './operation/deadline-sweep.js';
import { Operations } from './operation/operations.js';
import { PlacementMessages } from './placement/placement.messages.controller.js';
import { PlacementReader } from './placement/placement.reader.js';
import { Placements } from './placement/placement.service.js';
/** A clock that a spec moves. */
export class SpecClock extends Clock {
    ms = Date.parse('2026-01-01T00:00:00Z');
    now() {
        return new Date(this.ms);
    }
    pass(seconds) {
        this.ms += seconds * 1_000;
    }
}
/** cluster-mgr on a real database, without bus and HTTP: messages go to their handlers, the outbox is read back. */
export class Harness {
    at;
    database;
    clock;
    clusters;
    reader;
    sweep;
    handlers;
    messages;
    constructor(at, database = at.database, clock = new SpecClock()) {
        this.at = at;
        this.database = database;
        this.clock = clock;
        const outbox = new Outbox('cluster-mgr', this.clock, () => undefined);
        const operations = new Operations(outbox, this.clock);
        const placements = new Placements(outbox, operations, this.clock);
        this.clusters = new Clusters(database, outbox, operations, placements, this.clock, 180_000);
        this.reader = new PlacementReader(database);
        this.sweep = new DeadlineSweep(database, operations, this.clock, silentLogger());
        this.messages = { clusters: new ClusterMessages(this.clusters), placements: new PlacementMessages(placements) };
        this.handlers = {};
    }
    /** Another copy of the service on the same database. */
    copy() {
        return new Harness(this.at, this.at.anotherPool(), this.clock);
    }
    close() {
        return this.at.close();
    }
    /** Handles one message in its transaction. Gives its operation id. */
    async handle(name, data) {
        const operationId = randomUUID();
        const row = catalogue[name];
        const parsed = row.schema.parse(data);
        const envelope = {
            id: randomUUID(),
            source: row.stream.producers[0] ?? row.stream.owner,
            type: row.type,
            time: this.clock.now().toISOString(),
            subject: row.key(parsed),
            sequence: 1,
            correlationId: 'spec',
            operationId,
            actor,
        };
        await this.database.transaction((tx) => this.handlerOf(name)({ envelope, data: parsed }, tx));
        return operationId;
    }
    /** What has been said since the last call. */
    async said() {
        const rows = await this.at.database.query('with gone as (delete from outbox returning *) select * from gone order by position');
        return rows.map(({ key, envelope, data }) => {
            const parsed = Said.parse({ envelope: asJson(envelope), data: asJson(data) });
            return { key, type: parsed.envelope.type, envelope: parsed.envelope, data: parsed.data };
        });
    }
    /** States of an operation in the order in which they were said, of these messages. */
    static statesOf(said, operationId) {
        return said.filter((one) => one.key === operationId).map(({ data }) => data.state);
    }
    async probe(name, kind = 'ok') {
        const detail = kind === 'unreachable' ? 'connect ECONNREFUSED' : null;
        const probe = { at: this.clock.now(), kind, latencyMs: 12, detail };
        await this.database.transaction((tx) => this.clusters.probed(name, probe, tx));
    }
    /** ipaas sees the cluster with so many millicores and as much MiB, one node. */
    async observe(name, epoch = 1, cpuMillis = 8_000, change = {}) {
        const allocatable = { cpuMillis, memoryMiB: cpuMillis, pods: 100 };
        const none = { cpuMillis: 0, memoryMiB: 0, pods: 0 };
        await this.handle('observedCluster', {
            name,
            epoch,
            watch: 'live',
            heardAt: this.clock.now().toISOString(),
            detail: null,
            version: 'v1.34.4',
            allocatable,
            foreign: none,
            nodes: [{ name: `${name}-1`, ready: true, schedulable: true, allocatable, requested: none }],
            ...change,
        });
    }
    /** A registered cluster that is ready. */
    async cluster(name, cpuMillis) {
        await this.handle('registerCluster', registration(name));
        await this.observe(name, 1, cpuMillis);
        await this.probe(name);
    }
    handlerOf(name) {
        const known = this.handlers[name];
        if (known)
            return known;
        for (const controller of Object.values(this.messages)) {
            const method = controller[name];
            if (method)
                return (this.handlers[name] = method.bind(controller));
        }
        throw new TypeError(`${name} has no handler`);
    }
}
export const actor = { id: 'u-1', name: 'lin', channel: 'portal' };
const Said = z.object({ envelope: z.looseObject({ type: z.string() }), data: z.record(z.string(), z.unknown()) });
const asJson = (text) => JSON.parse(text);
export function registration(name) {
    const credential = { name, version: 1 };
    const rest = { site: 'north', reach: 'podIP', apiServer: `https://${name}.example:6443`, caPem, credential };
    return { name, displayName: name.toUpperCase(), ...rest };
}
/** A self-signed certificate of nobody; only its form is looked at. */
export const caPem = `-----BEGIN CERTIFICATE-----
MIIBNDCB56ADAgECAhRL6P+1vdHlmuQ3mJuoaXMs1VvMEzAFBgMrZXAwDzENMAsG
A1UEAwwEc3BlYzAgFw0yNjExMjEwOTQyMTRaGA8yMTI2MTAyODA5NDIxNFowDzEN
MAsGA1UEAwwEc3BlYzAqMAUGAytlcAMhAF4pjxNZeKtKJvWMDvR6hpQ0oh0FL05a
C0hH+1twCq1to1MwUTAdBgNVHQ4EFgQU8+5mYoRAVAJdJfwHdJ6qqlws6J0wHwYD
VR0jBBgwFoAU8+5mYoRAVAJdJfwHdJ6qqlws6J0wDwYDVR0TAQH/BAUwAwEB/zAF
BgMrZXADQQBl6+dv6tpRzxPIyBoYLcbLAxWO8nQF11g5GlTnu44WUp+PsbBvB7jW
JEklx+zGBZIu0BQ2t7QQJEGci+BTrJoK
-----END CERTIFICATE-----`;
//# sourceMappingURL=spec-harness.js.map