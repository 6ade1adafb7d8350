import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { routes, type Operation } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiUser } from '@berth/local';
import { deployBody } from './bodies.js';
import { clusters } from './cluster.js';
import { query, unfinished } from './database.js';
import { administrator } from './people.js';
import { eventually, status } from './platform.js';
import { sampleImage, sampleProject } from './sample.js';

const commands = 50;
const id = randomUUID().slice(0, 5);

/** Two copies of every service; engines and copies fail while commands are under way. */
describe('under faults, with two copies of every service', () => {
  let admin: ApiUser;
  let scope: { project: string; environment: 'test' };
  let image: string;
  const accepted: { code: string; operationId: string }[] = [];

  beforeAll(async () => {
    admin = await administrator();
    scope = { project: await sampleProject(admin), environment: 'test' };
    image = sampleImage('1.0');
  });

  afterAll(async () => {
    for (const { code } of accepted) await admin.call(routes.deleteService, { params: { ...scope, service: code } });
  });

  /** Sends one deploy; a 5xx before acceptance is tried again with the same Idempotency-Key, as a careful client would. */
  async function deploy(code: string): Promise<void> {
    const idempotencyKey = randomUUID();
    const operation = await eventually(
      `an answer to the deploy of ${code}`,
      async () => {
        const answer = await admin.call(routes.deployService, {
          params: scope,
          idempotencyKey,
          body: deployBody(code, image, { size: { cpuMillis: 10, memoryMiB: 16 }, rolloutDeadlineSeconds: 300 }),
        });
        if (answer.status >= 500) return undefined;
        if (answer.problem) throw new Error(JSON.stringify(answer.problem));
        return answer.data;
      },
      120_000,
      1_000,
    );
    accepted.push({ code, operationId: operation.operationId });
  }

  async function pidOf(name: string): Promise<number> {
    const pid = (await status()).units.find((unit) => unit.name === name)?.pid;
    if (!pid) throw new Error(`${name} has no process`);
    return pid;
  }

  /** Ends of all commands so far: each exactly one. */
  async function ends(): Promise<Operation[]> {
    const operations: Operation[] = [];
    for (const { operationId } of accepted) operations.push(await admin.ended(operationId, 300_000));
    return operations;
  }

  test(`Kafka hangs for 30 s during ${commands} deploys: each is accepted and ends exactly once`, async () => {
    const kafka = await pidOf('kafka');
    const sending = (async () => {
      for (let n = 0; n < commands; n += 1) await deploy(`k${id}-${n}`);
    })();
    await eventually('the first commands', async () => accepted.length >= 5);
    process.kill(kafka, 'SIGSTOP');
    try {
      await delay(30_000);
    } finally {
      process.kill(kafka, 'SIGCONT');
    }
    await sending;
    expect((await ends()).map((operation) => operation.state)).toEqual(Array(commands).fill('succeeded'));
  });

  test(`copies are killed at random and PostgreSQL restarts during ${commands} more: each ends exactly once`, async () => {
    let sending = true;
    const done = (async () => {
      for (let n = 0; n < commands; n += 1) await deploy(`p${id}-${n}`);
      sending = false;
    })();
    let random = 7;
    const victims = ['ipaas-1', 'cluster-mgr-2', 'ipaas-2', 'cluster-mgr-1', 'gateway-2', 'dolphinsync-1'];
    for (let round = 0; round < 8 && sending; round += 1) {
      random = (random * 48_271) % 2_147_483_647;
      const victim = round === 4 ? 'postgres' : (victims[random % victims.length] as string);
      process.kill(await pidOf(victim), victim === 'postgres' ? 'SIGINT' : 'SIGKILL');
      await eventually(`${victim} to be back`, async () => (await status()).healthy, 60_000, 500);
    }
    await done;
    const operations = await ends();
    expect(operations.slice(commands).map((operation) => operation.state)).toEqual(Array(commands).fill('succeeded'));
  });

  test('afterwards operations, tables and cluster objects agree, and nothing waits to be said', async () => {
    await eventually('empty outboxes', async () => Object.keys(await unfinished()).length === 0, 60_000, 1_000);
    expect(await unfinished()).toEqual({});
    const rows = await query<{ key: string; uid: string }>('ipaas', 'select key, uid from service where not deleting');
    const known = new Map(rows.map((row) => [row.uid, row.key]));
    const listed = new Set(
      (await admin.ok(routes.listServices, { query: { limit: 500 } })).items
        .filter((row) => row.uid)
        .map((row) => row.uid as string),
    );
    expect(listed).toEqual(new Set(known.keys()));
    const replicas = new Map<string, number>();
    for (const client of (await clusters()).values()) {
      const { items } = await client.list('Deployment', { labelSelector: 'berth.dev/service-uid' });
      for (const item of items) {
        const uid = item.metadata.labels?.['berth.dev/service-uid'] as string;
        expect(known.has(uid)).toBe(true);
        const { spec } = item as unknown as { spec: { replicas: number } };
        replicas.set(uid, (replicas.get(uid) ?? 0) + spec.replicas);
      }
    }
    const wanted = await query<{ service_uid: string; replicas: string }>(
      'ipaas',
      'select service_uid, sum(replicas) as replicas from service_target group by service_uid',
    );
    expect(Object.fromEntries(replicas)).toEqual(
      Object.fromEntries(wanted.map((row) => [row.service_uid, Number(row.replicas)])),
    );
  });
});
