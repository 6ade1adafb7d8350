import { missing, type MetricsQuery, type ServiceMetrics } from '@berth/api';
import { metricsLimits } from '@berth/api';
import type { Series, TimeGrid } from '@berth/clients/prometheus';
import { serviceKey, type ServiceScope } from '@berth/contracts';
import { CONFIG } from '@berth/platform/bootstrap';
import { Clock } from '@berth/platform/clock';
import { refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { MetricsSource, orNothing } from './metrics-source.js';
import { MetricsStore } from './metrics.store.pg.js';
import { ofService } from './queries.js';
import { serviceMetrics } from './service-metrics.js';
import { Shared } from './shared.js';
import { gridOf, lookBackSeconds } from './window.js';

const keptForMs = 3_000;

/** CPU and memory of one service, with what happened to it: two queries, whatever the number of its containers. */
@Injectable()
export class MetricsService {
  private readonly recent: Shared<ServiceMetrics>;

  constructor(
    private readonly database: Database,
    private readonly store: MetricsStore,
    private readonly source: MetricsSource,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<IpaasConfig, 'BERTH_PROMETHEUS_SCRAPE_SECONDS'>,
  ) {
    this.recent = new Shared(keptForMs, () => clock.now().getTime());
  }

  async ofService(scope: ServiceScope, query: MetricsQuery): Promise<ServiceMetrics> {
    const grid = gridOf(query, this.clock.now());
    if (!grid) throw refuse('metrics_range', { days: metricsLimits.rangeSeconds / 86_400 });
    const uid = await this.store.serviceUid(this.database, serviceKey(scope));
    if (!uid) throw refuse('not_found', missing('service', serviceKey(scope)));
    const key = [uid, grid.fromSeconds, grid.toSeconds, grid.stepSeconds].join('/');
    return this.recent.get(key, () => this.read(scope, uid, grid));
  }

  private async read(scope: ServiceScope, uid: string, grid: TimeGrid): Promise<ServiceMetrics> {
    const { database, store, source } = this;
    const queries = ofService(scope, lookBackSeconds(grid.stepSeconds, this.config.BERTH_PROMETHEUS_SCRAPE_SECONDS));
    // What the first point says is about the step before it. What began after the last point is still a mark of today.
    const from = new Date((grid.fromSeconds - grid.stepSeconds) * 1_000);
    const between = { from, to: new Date((grid.toSeconds + grid.stepSeconds) * 1_000) };
    const asked = Promise.all([source.range(queries.cpu, grid), source.range(queries.memory, grid)]);
    const [{ value, problem }, containers, readiness, marks] = await Promise.all([
      orNothing<{ series: readonly Series[] }[]>(asked, []),
      store.containers(database, uid, between),
      store.readiness(database, uid, between),
      store.marks(database, uid, between),
    ]);
    const [cpu = [], memory = []] = value.map(({ series }) => series);
    return serviceMetrics({ grid, cpu, memory, containers, readiness, marks, problem });
  }
}
