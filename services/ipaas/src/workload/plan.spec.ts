import {
  berthLabels,
  FakeCluster,
  projectDeployment,
  projectNamespace,
  projectPod,
  type ClusterClient,
} from '@berth/clients/kubernetes';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { execute, type ExecutionContext } from './executors.js';
import { placeOf, type Target } from './objects.js';
import { lacksSecrets } from './observe.js';
import { plan, type Observed } from './plan.js';
import { renderRelease } from './render.js';
import { projectService } from './slim-service.js';
import { aRender, aSpec, aTarget, cartUid } from './workload.builders.js';

jest.setTimeout(60_000);
const installationId = 'spec';

/** A fake cluster with what our watches would show of it, and the memory of our last write. */
class World {
  readonly fake = new FakeCluster();
  readonly client: ClusterClient = this.fake.client();
  applied: Observed['applied'] = null;

  observe(target: Target): Observed {
    const { namespace, name } = placeOf(target.key);
    const isOurs = ({ metadata }: { metadata: { labels?: Readonly<Record<string, string>> } }) =>
      metadata.labels?.[berthLabels.installation] === installationId;
    const named = (kind: 'Deployment' | 'Service') =>
      this.fake.objects(kind, namespace).find((object) => object.metadata.name === name && isOurs(object));
    const deployment = named('Deployment');
    const service = named('Service');
    const home = this.fake.objects('Namespace').find(({ metadata }) => metadata.name === namespace);
    const own = (object: { metadata: { labels?: Readonly<Record<string, string>> } }) =>
      object.metadata.labels?.[berthLabels.serviceUid] === target.serviceUid;
    const pods = this.fake.objects('Pod', namespace).filter(own).map(projectPod);
    return {
      namespace: home ? projectNamespace(home) : null,
      deployment: deployment ? projectDeployment(deployment) : null,
      service: service ? projectService(service) : null,
      secrets: this.fake
        .objects('Secret', namespace)
        .filter(own)
        .map(({ metadata: { name: secret, uid, resourceVersion } }) => ({ name: secret, uid, resourceVersion })),
      pods: pods.length,
      applied: this.applied,
      lacksSecrets: lacksSecrets(pods),
      lacksRegistrySecrets: false,
      wasForbidden: false,
    };
  }

  /** Plans and does until nothing is left to do; answers with the number of steps done. */
  async converge(target: Target): Promise<number> {
    let steps = 0;
    for (let round = 0; round < 30; round += 1) {
      const todo = plan(target, this.observe(target), installationId);
      for (const step of todo.steps) await execute(step, this.context());
      steps += todo.steps.length;
      const isWaiting = target.phase === 'remove' && !todo.gone;
      if (todo.steps.length === 0 && !isWaiting) return steps;
      this.fake.tick();
    }
    throw new Error('it does not come to rest');
  }

  async edit(spec: Record<string, unknown>): Promise<void> {
    const metadata = { name: 'cart', namespace: 'shop-prod' };
    if (!this.fake.objects('Deployment', 'shop-prod').some((object) => object.metadata.name === 'cart')) return;
    await this.client.apply({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }, { fieldManager: 'kubectl' });
  }

  async remove(kind: 'Deployment' | 'Service'): Promise<void> {
    const object = this.fake.objects(kind, 'shop-prod')[0];
    if (!object) return;
    const { name, uid } = object.metadata;
    await this.client.remove({ kind, name, namespace: 'shop-prod' }, { uid, propagation: 'Background' });
  }

  context(): ExecutionContext {
    return {
      client: this.client,
      installationId,
      signal: new AbortController().signal,
      syncRegistrySecrets: async () => undefined,
      openSecret: async () => 'opened',
      applied: (_, stored) => {
        const { uid, generation } = projectDeployment(stored);
        this.applied = { deploymentUid: uid, objectGeneration: generation };
      },
    };
  }
}

const release = (number: number) =>
  aRender({
    release: number,
    spec: aSpec({
      variables: [{ name: 'S', secret: { name: 'S', version: number } }],
      ports: number % 3 === 0 ? [] : aSpec().ports,
    }),
  });
const decision = fc.record({
  replicas: fc.integer({ min: 0, max: 4 }),
  release: fc.integer({ min: 1, max: 4 }),
  halted: fc.boolean(),
  restartToken: fc.constantFrom(null, 'a', 'b'),
  epoch: fc.integer({ min: 0, max: 1 }),
});
const event = fc.oneof(
  fc.record({ kind: fc.constant('decide' as const), decision }),
  fc.record({ kind: fc.constant('edit' as const), replicas: fc.integer({ min: 0, max: 9 }) }),
  fc.constant({ kind: 'edit_template' as const }),
  fc.constant({ kind: 'pause' as const }),
  fc.constantFrom(
    { kind: 'remove' as const, object: 'Deployment' as const },
    { kind: 'remove' as const, object: 'Service' as const },
  ),
  fc.constant({ kind: 'tick' as const }),
  fc.constant({ kind: 'reconcile' as const }),
);

describe('the plan', () => {
  test('after any 12 decisions and hand edits it comes to rest as desired, and then plans nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
        const world = new World();
        let target = aTarget({ rendered: renderRelease(release(1)) });
        for (const happened of events) {
          if (happened.kind === 'decide') {
            const { epoch, ...change } = happened.decision;
            const generation = target.generation + 1;
            target = {
              ...target,
              ...change,
              epoch: target.epoch + epoch,
              generation,
              rendered: renderRelease(release(change.release)),
            };
          }
          if (happened.kind === 'edit') await world.edit({ replicas: happened.replicas });
          if (happened.kind === 'edit_template') await world.edit({ progressDeadlineSeconds: 1 });
          if (happened.kind === 'pause') await world.edit({ paused: true });
          if (happened.kind === 'remove') await world.remove(happened.object);
          if (happened.kind === 'tick') world.fake.tick();
          if (happened.kind === 'reconcile') await world.converge(target);
        }
        await world.converge(target);
        const { deployment, service } = world.observe(target);
        expect(deployment).toMatchObject({
          replicas: { spec: target.replicas },
          paused: target.halted,
          release: String(target.release),
          templateHash: target.rendered.podTemplateHash,
        });
        expect(service === null).toBe(target.rendered.service === null);
        expect(plan(target, world.observe(target), installationId)).toEqual({
          steps: [],
          edit: null,
          blocked: null,
          gone: false,
        });
        const changes = world.fake.changes;
        expect(await world.converge(target)).toBe(0);
        expect(world.fake.changes).toBe(changes);
      }),
      { numRuns: 25 },
    );
  });

  test('an older decision never wins, by epoch first and by generation then', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        async (e1, g1, e2, g2) => {
          const world = new World();
          const first = aTarget({ epoch: e1, generation: g1, replicas: 1 });
          const second = aTarget({ epoch: e2, generation: g2, replicas: 3 });
          await world.converge(first);
          await world.converge(second);
          const isOlder = e2 < e1 || (e2 === e1 && g2 < g1);
          expect(world.observe(second).deployment?.replicas.spec).toBe(isOlder ? 1 : 3);
          if (isOlder) expect(plan(second, world.observe(second), installationId).blocked?.code).toBe('fenced');
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a removal leaves nothing of the service, keeps the namespace, and is repeated without harm', async () => {
    const world = new World();
    const target = aTarget({ rendered: renderRelease(release(1)) });
    await world.converge(target);
    world.fake.tick(3);
    const gone = { ...target, phase: 'remove' as const };
    await world.converge(gone);
    for (const kind of ['Deployment', 'Service', 'Secret', 'Pod'] as const)
      expect(world.fake.objects(kind, 'shop-prod')).toEqual([]);
    expect(plan(gone, world.observe(gone), installationId).gone).toBe(true);
    expect(world.fake.objects('Namespace').map(({ metadata }) => metadata.name)).toContain('shop-prod');
  });

  test('the Service goes only when the last container has ended', async () => {
    const world = new World();
    const target = aTarget();
    await world.converge(target);
    world.fake.tick(2);
    const removal = { ...target, phase: 'remove' as const };
    const first = plan(removal, world.observe(removal), installationId);
    expect(first.steps.map(({ kind }) => kind)).toEqual(['deleteDeployment']);
    for (const step of first.steps) await execute(step, world.context());
    const second = plan(removal, world.observe(removal), installationId);
    expect(second).toMatchObject({ steps: [], gone: false });
  });

  test('a namespace without our mark, or with the mark of another installation, is left alone', () => {
    for (const labels of [{}, { [berthLabels.installation]: 'other' }]) {
      const world = new World();
      world.fake.seed({ kind: 'Namespace', metadata: { name: 'shop-prod', labels } });
      const target = aTarget();
      expect(plan(target, world.observe(target), installationId)).toMatchObject({
        steps: [],
        blocked: { code: 'foreign_namespace' },
      });
      const removal = aTarget({ phase: 'remove' });
      expect(plan(removal, world.observe(removal), installationId)).toMatchObject({ steps: [], gone: true });
    }
  });

  test('a new service waits until an earlier one of the same name is gone', async () => {
    const world = new World();
    await world.converge(aTarget());
    const next = aTarget({ serviceUid: '00000000-0000-4000-8000-000000000002' });
    world.applied = null;
    expect(plan(next, world.observe(next), installationId)).toMatchObject({
      steps: [],
      blocked: { code: 'name_in_use' },
    });
    const removal = aTarget({ phase: 'remove' });
    await world.converge(removal);
    await world.converge(next);
    expect(world.observe(next).deployment?.serviceUid).toBe(next.serviceUid);
  });

  test('a write that was planned from an older version is refused as a conflict', async () => {
    const world = new World();
    const target = aTarget();
    await world.converge(target);
    const { steps } = plan(aTarget({ generation: 2, replicas: 4 }), world.observe(target), installationId);
    await world.edit({ replicas: 7 });
    await expect(execute(steps[0] as never, world.context())).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('hand edits are named by field and, where the cluster knows it, by manager; our own decisions are not', async () => {
    const world = new World();
    const target = aTarget();
    await world.converge(target);
    const editOf = (at: Target) => plan(at, world.observe(at), installationId).edit;
    await world.edit({ replicas: 9 });
    expect(editOf(target)).toMatchObject({ field: 'replicas', manager: 'kubectl' });
    expect(editOf({ ...target, generation: 2, replicas: 3 })).toBeNull();
    await world.converge(target);
    await world.edit({ progressDeadlineSeconds: 1 });
    expect(editOf(target)).toMatchObject({ field: 'template' });
    await world.converge(target);
    await world.remove('Deployment');
    expect(editOf(target)).toMatchObject({ field: 'deleted' });
  });

  test('a container that waits for a Secret gets it again', async () => {
    const world = new World();
    const target = aTarget({ rendered: renderRelease(release(1)) });
    await world.converge(target);
    const observed = { ...world.observe(target), lacksSecrets: true };
    expect(plan(target, observed, installationId).steps).toEqual([
      { kind: 'ensureSecret', namespace: 'shop-prod', serviceUid: cartUid, secret: target.rendered.secrets[0] },
    ]);
  });

  test("the cluster's name is filled in where the rendering left room, and nowhere else", async () => {
    const world = new World();
    await world.converge(aTarget({ cluster: 'shanghai' }));
    const text = JSON.stringify(world.fake.objects('Deployment', 'shop-prod')[0]?.['spec']);
    expect(text).toContain('{"name":"BERTH_CLUSTER","value":"shanghai"}');
    expect(text).not.toContain('{{cluster}}');
  });
});
