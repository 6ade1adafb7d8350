import type { ContainerMetrics, Points } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { keyOf, serviceUsageQuery, type ServicePlace } from '../../api/queries.js';
import { Sparkline } from '../../charts/Sparkline.js';
import { bytesLabel, coresLabel } from '../../charts/units.js';
import { useT } from '../../i18n/index.js';
import { Facts } from '../../ui/Field.js';
import { Loaded } from '../../ui/Loaded.js';
import { isNearLimit, latest } from './usage.js';

/** CPU and memory of all containers together against their limits, now and lately. */
export function Usage({ place }: { place: ServicePlace }) {
  const t = useT();
  const query = useQuery(serviceUsageQuery([keyOf(place)]));
  return (
    <Loaded query={query} rows={2}>
      {({ items: [row], problem }) => {
        if (!row) return <p className="faint">{t(problem ? 'metrics.silentChart' : 'metrics.empty')}</p>;
        return (
          <div className="stack">
            <Facts
              rows={[
                [
                  t('metrics.cpu'),
                  <Measured
                    key="cpu"
                    quantity="cpu"
                    values={row.history.cpuCores}
                    now={row.cpuCores}
                    limit={row.cpuLimitCores}
                  />,
                ],
                [
                  t('metrics.memory'),
                  <Measured
                    key="memory"
                    quantity="memory"
                    values={row.history.memoryBytes}
                    now={row.memoryBytes}
                    limit={row.memoryLimitBytes}
                  />,
                ],
              ]}
            />
            <Link
              to="/p/$project/$env/services/$code/$tab"
              params={{ project: place.project, env: place.environment, code: place.service, tab: 'metrics' }}
              search={{}}
            >
              {t('usage.more')}
            </Link>
          </div>
        );
      }}
    </Loaded>
  );
}

/** The same of one container. */
export function ContainerUsage({ row, quantity }: { row: ContainerMetrics | undefined; quantity: 'cpu' | 'memory' }) {
  if (!row) return <span className="faint">–</span>;
  const values = quantity === 'cpu' ? row.cpuCores : row.memoryBytes;
  const limit = quantity === 'cpu' ? row.limit?.cpuCores : row.limit?.memoryBytes;
  return <Measured quantity={quantity} values={values} now={latest(values)} limit={limit ?? null} />;
}

interface MeasuredProps {
  readonly quantity: 'cpu' | 'memory';
  readonly values: Points;
  readonly now: number | null;
  readonly limit: number | null;
}

function Measured({ quantity, values, now, limit }: MeasuredProps) {
  const t = useT();
  const text = (value: number | null) => {
    if (value === null) return '–';
    return quantity === 'cpu' ? t('metrics.cores', { value: coresLabel(value) }) : bytesLabel(value);
  };
  const label = t('usage.label', { what: t(`metrics.${quantity}`), now: text(now), limit: text(limit) });
  return (
    <span className="usage" title={label}>
      <Sparkline values={values} label={label} max={limit ?? undefined} />
      <span className="num nowrap">
        <b className={isNearLimit(now, limit) ? 'mark-warn' : undefined}>{text(now)}</b>
        {limit !== null && <span className="faint"> / {text(limit)}</span>}
      </span>
    </span>
  );
}
