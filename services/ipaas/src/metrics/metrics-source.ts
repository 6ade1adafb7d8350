import type {
  Expression,
  InstantAnswer,
  PrometheusClient,
  PrometheusFailure,
  RangeAnswer,
  TimeGrid,
} from '@berth/clients/prometheus';
import type { Problem } from '@berth/contracts';
import { Clock } from '@berth/platform/clock';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Logger } from '@berth/platform/log';
import { Inject, Injectable } from '@nestjs/common';

export const PROMETHEUS = Symbol('prometheus');

/** Prometheus as this service sees it. @throws ProblemError metrics_unavailable, with the time since when it is silent. */
@Injectable()
export class MetricsSource {
  private silentSince: Date | null = null;

  constructor(
    @Inject(PROMETHEUS) private readonly client: PrometheusClient | null,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  async range(query: Expression, grid: TimeGrid): Promise<RangeAnswer> {
    return this.heard(await (this.client?.range(query, grid) ?? notConfigured));
  }

  async instant(query: Expression): Promise<InstantAnswer> {
    const atSeconds = Math.floor(this.clock.now().getTime() / 1_000);
    return this.heard(await (this.client?.instant(query, atSeconds) ?? notConfigured));
  }

  private heard<Answer extends InstantAnswer | RangeAnswer>(answer: Answer | PrometheusFailure): Answer {
    if (!isFailure(answer)) {
      if (this.silentSince) this.log.info('Prometheus answers again');
      this.silentSince = null;
      return answer;
    }
    if (!this.silentSince) this.log.warn('Prometheus gives no answer', { kind: answer.kind, detail: answer.detail });
    this.silentSince ??= this.clock.now();
    throw refuse('metrics_unavailable', { since: this.silentSince.toISOString(), cause: answer.detail });
  }
}

const notConfigured: PrometheusFailure = { kind: 'unreachable', detail: 'BERTH_PROMETHEUS_URL is not set' };

function isFailure(answer: InstantAnswer | RangeAnswer | PrometheusFailure): answer is PrometheusFailure {
  return answer.kind === 'unreachable' || answer.kind === 'refused';
}

/** What was measured, or nothing and the problem: what else a page shows does not depend on Prometheus. */
export async function orNothing<T>(asked: Promise<T>, nothing: T): Promise<{ value: T; problem: Problem | null }> {
  try {
    return { value: await asked, problem: null };
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'metrics_unavailable')
      return { value: nothing, problem: error.problem };
    throw error;
  }
}
