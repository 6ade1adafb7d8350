import { randomInt, randomUUID } from 'node:crypto';
import { routes } from '@berth/api';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiUser } from '@berth/local';
import { finalStates, outOfOrder, said, unheard } from '../agreement.js';
import { deployBody } from '../bodies.js';
import { clusters } from '../cluster.js';
import { query, unfinished } from '../database.js';
import { administrator } from '../people.js';
import { eventually } from '../platform.js';
import { copiesOf, keepDown, killUnit } from '../processes.js';
import { sampleImage, sampleProject } from '../sample.js';

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
    const deleted: string[] = [];
    await fiveAtOnce(accepted, async ({ code }) => {
      const { data } = await admin.call(routes.deleteService, {
        params: { ...scope, service: code },
        idempotencyKey: randomUUID(),
      });
      if (data) deleted.push(data.operationId);
    });
    for (const operation of deleted) await admin.ended(operation, 240_000);
  });

  /** Sends one deploy; without an answer, or with a 5xx, it is sent again with the same key, as a careful client would. */
  async function deploy(code: string): Promise<void> {
    const idempotencyKey = randomUUID();
    const { data, problem } = await eventually(
      `an answer to the deploy of ${code}`,
      async () => {
        const answer = await admin.call(routes.deployService, {
          params: scope,
          idempotencyKey,
          body: deployBody(code, image, { size: { cpuMillis: 10, memoryMiB: 16 }, rolloutDeadlineSeconds: 300 }),
        });
        if (answer.status >= 500) throw new Error(JSON.stringify(answer.problem));
        return answer;
      },
      120_000,
      500,
    );
    if (problem) throw new Error(`${code} was refused: ${JSON.stringify(problem)}`);
    accepted.push({ code, operationId: data.operationId });
  }

  /** How the operations from the first on ended, in the order of acceptance. */
  async function ends(first: number): Promise<string[]> {
    const found: string[] = [];
    for (const { operationId } of accepted.slice(first)) {
      const { state, problem } = await admin.ended(operationId, 300_000);
      found.push(problem ? `${state}: ${problem.code}` : state);
    }
    return found;
  }

  const allSucceeded = Array<string>(commands).fill('succeeded');

  test(`Kafka is gone for 30 s during ${commands} deploys: each is accepted and succeeds`, async () => {
    const sending = fiveAtOnce(codes('k'), deploy);
    await eventually('the first commands', async () => accepted.length >= 5, 60_000, 20);
    await keepDown('kafka', 30_000);
    await sending;
    expect(await ends(0)).toEqual(allSucceeded);
  });

  test(`copies are killed and PostgreSQL restarts during ${commands} more: each succeeds`, async () => {
    const before = accepted.length;
    const copies = await copiesOf(['gateway', 'ipaas', 'cluster-mgr', 'dolphinsync']);
    expect(copies).toHaveLength(8);
    // Every copy once, and some of them again.
    const again = Array.from({ length: 4 }, () => copies[randomInt(copies.length)] ?? 'ipaas-1');
    const victims = inAnyOrder([...copies, ...again], 'postgres');
    process.stderr.write(`killed in this order: ${victims.join(' ')}\n`);
    const all = codes('p');
    const share = Math.ceil(commands / victims.length);
    for (const [round, victim] of victims.entries()) {
      const sending = fiveAtOnce(all.slice(round * share, (round + 1) * share), deploy);
      await killUnit(victim);
      await sending;
    }
    expect(await ends(before)).toEqual(allSucceeded);
  });

  test('afterwards nothing waits to be said or heard, and no message failed for good', async () => {
    await eventually(
      'empty outboxes, no retries, no dead letters',
      async () => isEmpty(await unfinished()),
      60_000,
      500,
    );
    await eventually('everything said is heard', async () => isEmpty(await unheard()), 60_000, 500);
  });

  test('each accepted command has exactly one final state, and the messages of each key are gapless and in order', async () => {
    const written = await said();
    expect(outOfOrder(written)).toEqual([]);
    const states = finalStates(written);
    const ids = accepted.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(2 * commands);
    expect(ids.filter((each) => states.get(each)?.join() !== 'succeeded')).toEqual([]);
    expect([...states].filter(([, each]) => each.length !== 1)).toEqual([]);

    const list = ids.map((each) => `'${each}'`).join();
    const shown = await query<{ state: string }>(
      'gateway',
      `select state from operation where id in (${list}) and ended_at is not null`,
    );
    expect(shown.map(({ state }) => state)).toEqual([...allSucceeded, ...allSucceeded]);
    const conducted = await query<{ state: string }>(
      'ipaas',
      `select end_state as state from service_operation where id::text in (${list}) and ended_at is not null`,
    );
    expect(conducted.map(({ state }) => state)).toEqual([...allSucceeded, ...allSucceeded]);
  });

  test('tables of all services and the objects in the clusters agree: no orphan, nothing missing', async () => {
    const rows = await query<{ key: string; uid: string }>('ipaas', 'select key, uid from service where not deleting');
    const uids = rows.map(({ uid }) => uid).sort();
    const deployed = new Set(accepted.map(({ code }) => `${scope.project}/${scope.environment}/${code}`));
    expect(rows.filter(({ key }) => deployed.has(key))).toHaveLength(2 * commands);

    const placed = await query<{ uid: string }>('cluster-mgr', 'select uid from placement');
    expect(placed.map(({ uid }) => uid).sort()).toEqual(uids);
    const listed = await admin.ok(routes.listServices, { query: { limit: 500 } });
    expect(listed.items.flatMap(({ uid }) => uid ?? []).sort()).toEqual(uids);

    const wanted = await query<{ service_uid: string; cluster: string; replicas: number }>(
      'ipaas',
      'select service_uid, cluster, replicas from service_target',
    );
    const expected = wanted.map((row) => `${row.cluster} ${row.service_uid} ${row.replicas}`).sort();
    const found: string[] = [];
    for (const [cluster, client] of await clusters()) {
      const ofService = { labelSelector: uidLabel };
      const { items: deployments } = await client.list('Deployment', ofService);
      for (const { metadata, ...rest } of deployments) {
        const { spec, status: seen } = rest as unknown as Scaled;
        expect([metadata.name, seen.readyReplicas ?? 0]).toEqual([metadata.name, spec.replicas]);
        found.push(`${cluster} ${metadata.labels?.[uidLabel]} ${spec.replicas}`);
      }
      for (const kind of ['Service', 'Secret', 'Pod'] as const) {
        const { items } = await client.list(kind, ofService);
        const orphans = items.filter(({ metadata }) => !uids.includes(metadata.labels?.[uidLabel] ?? ''));
        expect(orphans.map(({ metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
      }
    }
    expect(found.sort()).toEqual(expected);
  });
});

const uidLabel = 'berth.dev/service-uid';

interface Scaled {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

const codes = (kind: string) => Array.from({ length: commands }, (_, n) => `${kind}${id}-${n}`);

/** Fails with what was found, so that a check that never comes true says why. */
function isEmpty(found: object): true {
  if (Object.keys(found).length > 0) throw new Error(JSON.stringify(found).slice(0, 2_000));
  return true;
}

async function fiveAtOnce<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const work = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: 5 }, work));
}

/** Any order, with one of them in the middle. */
function inAnyOrder(names: readonly string[], middle: string): string[] {
  const left = [...names];
  const drawn = names.map(() => left.splice(randomInt(left.length), 1)).flat();
  return drawn.toSpliced(Math.floor(names.length / 2), 0, middle);
}
