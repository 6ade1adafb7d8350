import type { Container, ContainerMetrics } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Input } from 'antd';
import { useState } from 'react';
import { containersQuery, metricsQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Copy } from '../../ui/Copy.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { ContainerMark } from '../../ui/Mark.js';
import { Ago, Lasting } from '../../ui/Time.js';
import { containerWords, ownWords } from './container-words.js';
import { ContainerUsage } from './Usage.js';
import { keyOfContainer, usageByContainer, usageRangeSeconds } from './usage.js';

/** Containers as they are, and those that were; found by name, IP, node, cluster, release or state. */
export function Containers({ place }: { place: ServicePlace }) {
  const t = useT();
  const [past, setPast] = useState(false);
  const [text, setText] = useState('');
  const nameOf = useClusterNames();
  const query = useQuery({ ...containersQuery(place, past), refetchInterval: past ? 15_000 : 3000 });
  return (
    <div className="stack">
      <div className="row">
        <div className="chips" role="group" aria-label={t('tab.containers')}>
          {([false, true] as const).map((isPast) => (
            <button
              key={String(isPast)}
              type="button"
              className="chip"
              aria-pressed={past === isPast}
              onClick={() => setPast(isPast)}
              data-testid={isPast ? 'containers-past' : 'containers-now'}
            >
              {t(isPast ? 'containers.past' : 'containers.now')}
              {past === isPast && query.data && <b>{query.data.items.length}</b>}
            </button>
          ))}
        </div>
        <span className="grow" />
        <Input
          data-search
          allowClear
          style={{ width: 280 }}
          value={text}
          placeholder={t('containers.search')}
          aria-label={t('containers.search')}
          data-testid="containers-search"
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Loaded query={query} rows={5}>
        {(page) => {
          const shown = page.items.filter((row) => isFound(row, nameOf(row.cluster), text));
          if (page.items.length === 0)
            return (
              <Empty
                title={t(past ? 'containers.nonePast' : 'overview.noContainers')}
                text={t(past ? 'containers.nonePastText' : 'containers.noneText')}
              />
            );
          if (shown.length === 0) return <Empty title={t('containers.noneFound', { text })} />;
          return <Table place={place} past={past} rows={shown} />;
        }}
      </Loaded>
    </div>
  );
}

/** Every word must be in something that the row shows. */
function isFound(row: Container, clusterName: string, text: string): boolean {
  const own = [
    row.name,
    row.cluster,
    clusterName,
    row.node,
    row.ip,
    row.state,
    row.release && `#${row.release}`,
    row.image,
    row.detail,
  ];
  const all = own.filter(Boolean).join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

const columns = [
  'state',
  'name',
  'cluster',
  'address',
  'release',
  'cpu',
  'memory',
  'restarts',
  'age',
  'lastEnd',
] as const;

function Table({ place, past, rows }: { place: ServicePlace; past: boolean; rows: readonly Container[] }) {
  const t = useT();
  const usage = useQuery({ ...metricsQuery(place, usageRangeSeconds), enabled: !past });
  const used = usageByContainer(usage.data);
  // What is gone uses nothing.
  const shown = columns.filter((name) => !past || (name !== 'cpu' && name !== 'memory'));
  return (
    <div className="panel scroll-x">
      <table className="plain flush" data-testid={past ? 'past-containers' : 'containers'}>
        <thead>
          <tr>
            {shown.map((name) => (
              <th key={name} scope="col" className={name === 'restarts' ? 'numeric' : undefined}>
                {t(name === 'age' && past ? 'container.ended' : `container.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((container) => (
            <Row
              key={container.uid}
              {...{ container, place, past }}
              used={used.get(keyOfContainer(container.cluster, container.name))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly container: Container;
  readonly place: ServicePlace;
  readonly past: boolean;
  readonly used: ContainerMetrics | undefined;
}

function Row({ container, place, past, used }: RowProps) {
  const t = useT();
  const nameOf = useClusterNames();
  const words = containerWords(t, container);
  const end =
    container.lastEnd ??
    (container.exitCode !== null ? { reason: null, exitCode: container.exitCode, at: container.endedAt } : null);
  return (
    <tr>
      <td>
        <ContainerMark state={container.state} />
        {words && (
          <div className="faint detail" title={ownWords(container) ?? undefined}>
            {words}
          </div>
        )}
      </td>
      <td className="nowrap">
        <Link
          className="mono"
          to="/p/$project/$env/services/$code/$tab"
          params={{ project: place.project, env: place.environment, code: place.service, tab: 'logs' }}
          search={{ cluster: container.cluster, container: container.name }}
          title={t('tab.logs')}
        >
          {container.name}
        </Link>
      </td>
      <td>
        {nameOf(container.cluster)}
        <div className="faint mono">{container.node ?? '–'}</div>
      </td>
      <td className="mono nowrap">{container.ip ? <Copy text={container.ip} mono /> : '–'}</td>
      <td className="num">{container.release ? `#${container.release}` : '–'}</td>
      {!past && (
        <>
          <td className="usage-cell">
            <ContainerUsage row={used} quantity="cpu" />
          </td>
          <td className="usage-cell">
            <ContainerUsage row={used} quantity="memory" />
          </td>
        </>
      )}
      <td className="numeric">{container.restarts}</td>
      <td className="nowrap">
        {past && container.endedAt ? (
          <>
            <Ago at={container.endedAt} />
            <div className="faint">
              {t('container.lived')} <Lasting from={container.createdAt} to={container.endedAt} />
            </div>
          </>
        ) : (
          <Lasting from={container.createdAt} to={container.endedAt} />
        )}
      </td>
      <td className="nowrap">
        {end ? (
          <>
            {end.reason ?? ''} {end.exitCode !== null && t('container.exit', { code: end.exitCode })}
            {end.at && !past && (
              <div className="faint">
                <Ago at={end.at} />
              </div>
            )}
          </>
        ) : (
          '–'
        )}
      </td>
    </tr>
  );
}
