import { aService, anImage, aSpec, Harness, policy } from './service.harness.js';

export type SpecService = ReturnType<typeof aService>;

/** The usual stories of a service, for specs: a project 商城, four replicas over beijing and shanghai. */
export class Scenes {
  private constructor(readonly it: Harness) {}

  static async start(): Promise<Scenes> {
    const it = await Harness.start();
    await it.handle('projectState', {
      slug: 'shop',
      code: 'SHOP',
      name: '商城',
      businessLine: { code: 'pay', name: '支付' },
      cmdbId: 'p-1',
      retired: false,
      allowsUnregistered: true,
      updatedAt: it.clock.now().toISOString(),
    });
    return new Scenes(it);
  }

  /** Commands give the id of their operation. */
  deploy(service: SpecService): Promise<string> {
    const data = { ...service, name: '购物车', spec: aSpec(), image: anImage('1.0'), replicas: 4, policy };
    return this.it.handle('deployService', data);
  }

  upgrade(service: SpecService, ifVersion: number, tag = '1.1'): Promise<string> {
    const spec = aSpec({ image: `hub.example/shop/cart:${tag}` });
    return this.it.handle('upgradeService', { ...service, ifVersion, spec, image: anImage(tag) });
  }

  /** cluster-mgr answers: two replicas in each cluster unless `change` says otherwise. */
  place(
    service: SpecService,
    specVersion: number,
    generation: number,
    change: object = {},
    operationId?: string,
  ): Promise<string> {
    const assignments = assigned(2);
    const placed = { ...service, specVersion, generation, total: 4, stopped: false, policy, assignments, ...change };
    return this.it.handle('placed', placed, operationId);
  }

  /** Both clusters run what they are told to. */
  async ready({ uid }: SpecService): Promise<void> {
    await this.it.observe(uid, 'beijing');
    await this.it.observe(uid, 'shanghai');
  }

  /** A service that runs, release #1 ready; what was said until then is forgotten. */
  async running(code: string): Promise<SpecService> {
    const service = aService(code);
    const operationId = await this.deploy(service);
    await this.place(service, 1, 1, {}, operationId);
    await this.ready(service);
    await this.it.said();
    return service;
  }

  async results({ uid }: SpecService): Promise<unknown[][]> {
    const rows = await this.it.database.query(
      'select number, result from service_release where service_uid = $1 order by 1',
      [uid],
    );
    return rows.map((row) => [row.number, row.result]);
  }
}

/** The same number of replicas in both clusters. */
export function assigned(replicas: number, code = 'even_share') {
  return ['beijing', 'shanghai'].map((cluster) => ({ cluster, replicas, epoch: 1, reason: { code } }));
}
