import type { NodeUsageAnswer, ServiceUsageAnswer, ServiceUsageQuery } from '@berth/api';
import type { Expression, Labels, RangeAnswer } from '@berth/clients/prometheus';
import { namespaceOf, type Problem } from '@berth/contracts';
import { CONFIG } from '@berth/platform/bootstrap';
import { Clock } from '@berth/platform/clock';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { IpaasConfig } from '../config.js';
import { MetricsSource, orNothing } from './metrics-source.js';
import { MetricsStore, type MeasuredService } from './metrics.store.pg.js';
import { ofAllServices, ofNodes, type UsageQueries } from './queries.js';
import { Shared } from './shared.js';
import { nothingMeasured, usageFor, usageOf, type Measured, type Usage } from './usage.js';
import { latest, lookBackSeconds } from './window.js';

/** Half an hour, a point a minute: what a sparkline can show. */
const points = 30;
const stepSeconds = 60;
const keptForMs = 10_000;
/** The points of the past change once a step. */
const historyKeptForMs = 60_000;

type Tick = { readonly usage: Usage; readonly at: Date; readonly problem: Problem | null };

/**
 * What services and nodes use, for lists: one grouped query for each quantity answers for all of them, and is kept for a
 * few seconds, so that a hundred open lists ask as much as one.
 */
@Injectable()
export class UsageService {
  private readonly ticks: Shared<Tick>;
  private readonly histories: Shared<Measured<RangeAnswer>>;

  constructor(
    private readonly database: Database,
    private readonly store: MetricsStore,
    private readonly source: MetricsSource,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<IpaasConfig, 'BERTH_PROMETHEUS_SCRAPE_SECONDS'>,
  ) {
    const nowMs = () => clock.now().getTime();
    this.ticks = new Shared(keptForMs, nowMs);
    this.histories = new Shared(historyKeptForMs, nowMs);
  }

  async services(
    query: z.output<typeof ServiceUsageQuery>,
    { scopes }: Pick<Identity, 'scopes'>,
  ): Promise<ServiceUsageAnswer> {
    const { services: keys = null, project = null, environment = null } = query;
    const filter = { scopes: scopes === 'all' ? null : scopes, keys, project, environment };
    const [rows, { usage, at, problem }] = await Promise.all([
      this.store.services(this.database, filter),
      this.tick('services', ofAllServices, ({ namespace, service }) => `${namespace}/${service}`),
    ]);
    const items = rows.map((row) => ({
      project: row.project,
      environment: row.environment,
      service: row.service,
      cpuLimitCores: row.cpuLimitMillis === null ? null : row.cpuLimitMillis / 1_000,
      memoryLimitBytes: row.memoryLimitMiB === null ? null : row.memoryLimitMiB * 2 ** 20,
      ...usageFor(usage, keyOf(row)),
    }));
    return { items, times: [...usage.times], dataAsOf: at.toISOString(), problem };
  }

  async nodes(): Promise<NodeUsageAnswer> {
    const { usage, at, problem } = await this.tick('nodes', ofNodes, ({ cluster, node }) => `${cluster}/${node}`);
    const items = [...usage.now.keys()].sort().map((key) => {
      const [cluster = '', node = ''] = key.split('/');
      return { cluster, node, ...usageFor(usage, key) };
    });
    return { items, times: [...usage.times], dataAsOf: at.toISOString(), problem };
  }

  private tick(
    name: string,
    queriesOf: (clusters: readonly string[], lookBack: number) => UsageQueries,
    labelKey: (labels: Labels) => string,
  ): Promise<Tick> {
    return this.ticks.get(name, async () => {
      const clusters = await this.store.clusters(this.database);
      const queries = queriesOf(clusters, lookBackSeconds(stepSeconds, this.config.BERTH_PROMETHEUS_SCRAPE_SECONDS));
      const at = this.clock.now();
      const grid = latest(points, stepSeconds, at);
      const measured = Promise.all([
        this.both(queries, (query) => this.source.instant(query)),
        this.histories.get([name, ...clusters, grid.toSeconds].join('/'), () =>
          this.both(queries, (query) => this.source.range(query, grid)),
        ),
      ]).then(([now, lately]) => usageOf(now, lately, labelKey));
      const { value: usage, problem } = await orNothing(measured, nothingMeasured);
      return { usage, at, problem };
    });
  }

  private async both<Answer>(
    { cpu, memory }: UsageQueries,
    ask: (query: Expression) => Promise<Answer>,
  ): Promise<Measured<Answer>> {
    const [ofCpu, ofMemory] = await Promise.all([ask(cpu), ask(memory)]);
    return { cpu: ofCpu, memory: ofMemory };
  }
}

function keyOf({ project, environment, service }: MeasuredService): string {
  return `${namespaceOf({ project, environment })}/${service}`;
}
