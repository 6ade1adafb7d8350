import type { Container } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { containersQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Loaded } from '../../ui/Loaded.js';
import { ContainerMark } from '../../ui/Mark.js';
import { Ago, Lasting } from '../../ui/Time.js';

/** Containers as they are, and those that were. */
export function Containers({ place }: { place: ServicePlace }) {
  const t = useT();
  const [past, setPast] = useState(false);
  const query = useQuery({ ...containersQuery(place, past), refetchInterval: past ? 15_000 : 3000 });
  return (
    <div className="stack">
      <div className="chips" role="group" aria-label={t('tab.containers')}>
        <button
          type="button"
          className="chip"
          aria-pressed={!past}
          onClick={() => setPast(false)}
          data-testid="containers-now"
        >
          {t('containers.now')}
        </button>
        <button
          type="button"
          className="chip"
          aria-pressed={past}
          onClick={() => setPast(true)}
          data-testid="containers-past"
        >
          {t('containers.past')}
        </button>
      </div>
      <Loaded query={query} rows={5}>
        {(page) =>
          page.items.length === 0 ? (
            <p className="faint">{t(past ? 'containers.nonePast' : 'overview.noContainers')}</p>
          ) : (
            <div className="panel scroll-x">
              <table className="plain flush" data-testid={past ? 'past-containers' : 'containers'}>
                <thead>
                  <tr>
                    {(
                      ['state', 'name', 'cluster', 'node', 'address', 'release', 'restarts', 'age', 'lastEnd'] as const
                    ).map((name) => (
                      <th key={name} scope="col" className={name === 'restarts' ? 'numeric' : undefined}>
                        {t(`container.${name}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {page.items.map((container) => (
                    <Row key={container.uid} container={container} place={place} past={past} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </div>
  );
}

function Row({ container, place, past }: { container: Container; place: ServicePlace; past: boolean }) {
  const t = useT();
  const end =
    container.lastEnd ??
    (container.exitCode !== null ? { reason: null, exitCode: container.exitCode, at: container.endedAt } : null);
  return (
    <tr>
      <td>
        <ContainerMark state={container.state} />
        {container.detail && <div className="faint detail">{container.detail}</div>}
      </td>
      <td>
        <Link
          className="mono"
          to="/p/$project/$env/services/$code/$tab"
          params={{ project: place.project, env: place.environment, code: place.service, tab: 'logs' }}
          search={{ cluster: container.cluster, container: container.name }}
        >
          {container.name}
        </Link>
      </td>
      <td>{container.cluster}</td>
      <td className="mono">{container.node ?? '–'}</td>
      <td className="mono">{container.ip ?? '–'}</td>
      <td className="num">{container.release ? `#${container.release}` : '–'}</td>
      <td className="numeric">{container.restarts}</td>
      <td className="nowrap">
        {past && container.endedAt ? (
          <Ago at={container.endedAt} />
        ) : (
          <Lasting from={container.createdAt} to={container.endedAt} />
        )}
      </td>
      <td>
        {end ? `${end.reason ?? ''} ${end.exitCode !== null ? t('container.exit', { code: end.exitCode }) : ''}` : '–'}
      </td>
    </tr>
  );
}
