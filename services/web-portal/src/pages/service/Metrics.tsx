import type { MetricsMark, ServiceMetrics } from '@berth/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { metricsQuery, type ServicePlace } from '../../api/queries.js';
import type { ChartMark } from '../../charts/chart.js';
import { TimeChart } from '../../charts/TimeChart.js';
import { byteSteps, bytesLabel, coresLabel, countLabel } from '../../charts/units.js';
import { useT, type Translate } from '../../i18n/index.js';
import { StaleNote } from '../../ui/Loaded.js';
import { ErrorNote, ProblemNote } from '../../ui/ProblemNote.js';
import { Clock } from '../../ui/Time.js';
import { clockText } from '../../ui/time.js';
import {
  isEmpty,
  measuredSince,
  readinessLines,
  restartLines,
  usageLines,
  views,
  type View,
  type Words,
} from './metrics-lines.js';

const ranges = [900, 3_600, 21_600, 86_400, 604_800] as const;
type Range = (typeof ranges)[number];

/** What the service used, and what happened to it, on one axis of time that goes on by itself. */
export function Metrics({ place }: { place: ServicePlace }) {
  const t = useT();
  const [range, setRange] = useState<Range>(3_600);
  const [view, setView] = useState<View>('container');
  const query = useQuery({ ...metricsQuery(place, range), placeholderData: keepPreviousData });
  const { data } = query;
  return (
    <>
      <div className="metrics-bar">
        <Segments
          label={t('metrics.range')}
          all={ranges}
          chosen={range}
          choose={setRange}
          text={(one) => t(`metrics.range${one}`)}
        />
        <Segments
          label={t('metrics.view')}
          all={views}
          chosen={view}
          choose={setView}
          text={(one) => t(`metrics.by.${one}`)}
        />
        <span className="grow" />
        {data && <Since metrics={data} />}
      </div>
      {data === undefined && query.isError && <ErrorNote error={query.error} retry={() => void query.refetch()} />}
      {data && query.isError && <StaleNote at={query.dataUpdatedAt} retry={() => void query.refetch()} />}
      {data?.problem && <Silent problem={data.problem} />}
      {data ? <Charts metrics={data} view={view} /> : !query.isError && <Rooms />}
    </>
  );
}

function Charts({ metrics, view }: { metrics: ServiceMetrics; view: View }) {
  const t = useT();
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const drawn = useMemo(() => linesOf(metrics, view, t), [metrics, view, t]);
  const { times } = metrics;
  const shared = { times, sync: 'service-metrics', marks: drawn.marks, highlighted, onHighlight: setHighlighted };
  const nothing = metrics.problem ? t('metrics.silentChart') : isEmpty(metrics) ? t('metrics.empty') : null;
  return (
    <div className="metrics-grid" data-testid="metrics">
      <TimeChart
        {...shared}
        title={t('metrics.cpu')}
        lines={drawn.cpu}
        format={(value) => t('metrics.cores', { value: coresLabel(value) })}
        least={0.01}
        nothing={nothing}
      />
      <TimeChart
        {...shared}
        title={t('metrics.memory')}
        lines={drawn.memory}
        format={bytesLabel}
        least={2 ** 20}
        increments={memorySteps}
        nothing={nothing}
      />
      <TimeChart
        {...shared}
        title={t('metrics.readiness')}
        lines={drawn.readiness}
        format={countLabel}
        shape="step"
        least={1}
        increments={wholeSteps}
        nothing={drawn.readiness.length === 0 ? t('metrics.noReadiness') : null}
      />
      <TimeChart
        {...shared}
        title={t('metrics.restarts')}
        lines={drawn.restarts}
        format={countLabel}
        shape="bars"
        least={4}
        increments={wholeSteps}
        nothing={metrics.restarts.length === 0 ? t('metrics.noRestarts') : null}
      />
      <Marks marks={metrics.marks} />
    </div>
  );
}

/** What the vertical lines are, newest first, each with the way to its operation: labels of near ones have no room. */
function Marks({ marks }: Pick<ServiceMetrics, 'marks'>) {
  const t = useT();
  if (marks.length === 0) return null;
  return (
    <section className="chart-marks" data-testid="metrics-marks" aria-label={t('metrics.marks')}>
      <h2>{t('metrics.marks')}</h2>
      <ul>
        {[...marks].reverse().map((mark) => (
          <li key={mark.operationId}>
            <span className="num faint">
              <Clock at={mark.at} />
            </span>{' '}
            <Link to="/operations/$id" params={{ id: mark.operationId }}>
              {chartMark(mark, t).label}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const memorySteps = byteSteps();
const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500];

function linesOf(metrics: ServiceMetrics, view: View, t: Translate) {
  const words: Words = {
    total: t('metrics.total'),
    limit: t('metrics.limit'),
    ready: t('metrics.ready'),
    desired: t('metrics.desired'),
    restarts: t('metrics.restarts'),
  };
  return {
    cpu: usageLines(metrics, view, 'cpuCores', words),
    memory: usageLines(metrics, view, 'memoryBytes', words),
    readiness: readinessLines(metrics, words),
    restarts: restartLines(metrics, words),
    marks: metrics.marks.map((mark) => chartMark(mark, t)),
  };
}

function chartMark({ at, kind, release, state }: MetricsMark, t: Translate): ChartMark {
  const number = release === null ? '' : ` #${release}`;
  const failed = state === 'failed' ? ` (${t('operationState.failed')})` : '';
  return { atSeconds: Date.parse(at) / 1000, label: `${t(`operationKind.${kind}`)}${number}${failed}` };
}

function Since({ metrics }: { metrics: ServiceMetrics }) {
  const t = useT();
  const since = measuredSince(metrics);
  return (
    <span className="faint num">
      {since !== null && <>{t('metrics.since', { at: clockText(new Date(since * 1000).toISOString()) })} · </>}
      {metrics.omittedContainers > 0 && <>{t('metrics.omitted', { count: metrics.omittedContainers })} · </>}
      {t('metrics.step', { seconds: metrics.stepSeconds })} · <Clock at={metrics.to} />
    </span>
  );
}

function Silent({ problem }: { problem: NonNullable<ServiceMetrics['problem']> }) {
  const t = useT();
  const since = problem.params?.['since'];
  return (
    <ProblemNote
      problem={problem}
      actions={
        typeof since === 'string' && <span className="faint">{t('metrics.silentSince', { at: clockText(since) })}</span>
      }
    />
  );
}

/** The room that the charts will take, so that nothing moves when they come. */
function Rooms() {
  const t = useT();
  return (
    <div className="metrics-grid" role="status" aria-label={t('common.loading')}>
      {[0, 1, 2, 3].map((index) => (
        <div key={index} className="time-chart chart-room skeleton">
          <i style={{ width: '30%' }} />
        </div>
      ))}
    </div>
  );
}

function Segments<T extends string | number>(props: {
  label: string;
  all: readonly T[];
  chosen: T;
  choose: (value: T) => void;
  text: (value: T) => string;
}) {
  const { label, all, chosen, choose, text } = props;
  return (
    <div className="segments" role="group" aria-label={label}>
      {all.map((value) => (
        <button key={value} type="button" aria-pressed={value === chosen} onClick={() => choose(value)}>
          {text(value)}
        </button>
      ))}
    </div>
  );
}
