import { aggregate, metric, over, type Expression } from '@berth/clients/prometheus';
import { Injectable } from '@nestjs/common';
import { mainContainer } from '../workload/pod-template.js';
import { MetricsSource, orNothing } from './metrics-source.js';

/** A kill is judged within minutes; a peak of yesterday proves nothing. */
const lookBackSeconds = 900;
const bytesPerMiB = 2 ** 20;

/** The most memory that a container used lately, for who asks why it was killed. */
@Injectable()
export class PeakMemory {
  constructor(private readonly source: MetricsSource) {}

  /** In MiB; null when nothing was measured, and while Prometheus is away. */
  async of(container: {
    readonly cluster: string;
    readonly namespace: string;
    readonly name: string;
  }): Promise<number | null> {
    const { value } = await orNothing(this.source.instant(peakOf(container)), null);
    const bytes = value?.samples[0]?.value;
    return bytes === undefined ? null : Math.round(bytes / bytesPerMiB);
  }
}

function peakOf({ cluster, namespace, name }: Parameters<PeakMemory['of']>[0]): Expression {
  const used = metric(
    'container_memory_working_set_bytes',
    { label: 'cluster', is: cluster },
    { label: 'namespace', is: namespace },
    { label: 'pod', is: name },
    { label: 'container', is: mainContainer },
  );
  return aggregate('max', ['pod'], over('max_over_time', lookBackSeconds, used));
}
