import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFinal, type OperationState } from '@berth/contracts';
import { aService, type Harness, type SaidMessage } from './service.harness.js';
import { Scenes, type SpecService } from './service.scenes.js';

let scenes: Scenes;
let it: Harness;
beforeAll(async () => {
  scenes = await Scenes.start();
  it = scenes.it;
});
afterAll(() => it.close());

/** One service under any sequence of commands, answers, observations and silence. */
class Story {
  readonly operations = new Set<string>();
  readonly ends = new Map<string, OperationState[]>();
  private readonly asked: { readonly specVersion: number; readonly uid: string }[] = [];
  private generation = 0;
  private service: SpecService;

  constructor(private readonly code: string) {
    this.service = aService(code);
  }

  async act(act: Act): Promise<void> {
    const row = await it.row(this.service.key);
    if (!row) this.service = aService(this.code);
    await this.acts[act](Number(row?.spec_version ?? 1));
    this.hear(await it.said());
  }

  /** A day passes, clusters let go of what is to be removed. */
  async toItsEnd(): Promise<void> {
    it.clock.pass(25 * 3600);
    await it.loop.round();
    await this.act('removed');
    await it.loop.round();
    this.hear(await it.said());
  }

  private readonly acts = {
    deploy: () => this.began(scenes.deploy(this.service)),
    upgrade: (version: number) => this.began(scenes.upgrade(this.service, version)),
    staleUpgrade: () => this.began(scenes.upgrade(this.service, 0)),
    rollback: (version: number) =>
      this.began(it.handle('rollbackService', { ...this.service, ifVersion: version, toRelease: 1 })),
    restart: () => this.began(it.handle('restartService', this.service)),
    delete: () => this.began(it.handle('deleteService', this.service)),
    placed: async () => {
      const asked = this.asked.shift();
      if (asked) await scenes.place({ ...this.service, uid: asked.uid }, asked.specVersion, (this.generation += 1));
    },
    unplaceable: async () => {
      const asked = this.asked.shift();
      const reasons = [{ cluster: 'beijing', code: 'too_little_cpu' }];
      if (asked) await it.handle('unplaceable', { key: this.service.key, ...asked, reasons });
    },
    ready: () => this.observe({}),
    ill: () => this.observe({ ready: 0, rolledOut: false, causeCode: 'crash_loop' }),
    silent: () => this.observe({ fresh: false }),
    minutes: async () => {
      it.clock.pass(301);
      await it.loop.round();
    },
    removed: async () => {
      for (const { cluster } of await it.targetsOf(this.service.uid))
        await it.database.transaction((tx) => it.targets.removed(tx, this.service.uid, cluster));
      await it.loop.round();
    },
  } as const;

  private async began(operation: Promise<string>): Promise<void> {
    this.operations.add(await operation);
  }

  private async observe(change: Parameters<Harness['observe']>[2]): Promise<void> {
    for (const { cluster } of await it.targetsOf(this.service.uid)) await it.observe(this.service.uid, cluster, change);
  }

  private hear(said: readonly SaidMessage[]): void {
    for (const { type, key, data } of said) {
      if (type.includes('placement.place') && data)
        this.asked.push({ uid: String(data.uid), specVersion: Number(data.specVersion) });
      const state = data?.state as OperationState | undefined;
      if (type.includes('operation.changed') && state && isFinal(state))
        this.ends.set(key, [...(this.ends.get(key) ?? []), state]);
    }
  }
}
type Act = (typeof actNames)[number];
const actNames = [
  ...(['deploy', 'deploy', 'upgrade', 'upgrade', 'staleUpgrade', 'rollback', 'restart', 'delete'] as const),
  ...(['placed', 'placed', 'placed', 'unplaceable', 'ready', 'ready', 'ready', 'ill', 'silent'] as const),
  ...(['minutes', 'removed'] as const),
];

test('whatever happens, every command ends exactly once and nothing is left running', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...actNames), { minLength: 5, maxLength: 40 }), async (acts) => {
      const story = new Story(`story${(run += 1)}`);
      for (const act of acts) await story.act(act);
      await story.toItsEnd();
      const ends = [...story.operations].map((id) => story.ends.get(id) ?? []);
      expect(ends.filter((states) => states.length !== 1)).toEqual([]);
      expect(await it.database.query('select id from service_operation where ended_at is null')).toEqual([]);
      expect(await it.database.query('select uid from service where candidate_release is not null')).toEqual([]);
    }),
    { numRuns: 25 },
  );
}, 120_000);
