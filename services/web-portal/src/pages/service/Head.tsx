import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { servicesQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { routes, type ServiceListItem } from '@berth/api';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, ServiceMark, Shape } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { toneOf } from '../../ui/tone.js';
import { imageVersion } from '../../ui/words.js';
import { Actions } from './Actions.js';

/** Name, the state in one sentence, the same service in the other environments, and what one may do. */
export function Head({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  return (
    <header className="service-head">
      <div className="page-head">
        <div>
          <h1>
            {service.code} <span className="soft">{service.name !== service.code && service.name}</span>{' '}
            {service.unregistered && <span className="tag tag-warn">{t('deploy.unregistered')}</span>}
          </h1>
          <p className="sentence" data-testid="service-sentence">
            <EnvironmentTag environment={service.environment} />
            <ServiceMark state={service.state} testId="service-state" />
            <b className="num" data-testid="service-ready">{`${service.ready}/${service.desired}`}</b>
            {service.reason && (
              <span className="mark-warn">{t.say(`cause.${service.reason}`, undefined, service.reason)}</span>
            )}
            {service.image && (
              <span>
                <span className="mono" title={service.image} data-testid="service-version">
                  {imageVersion(service.image)}
                </span>{' '}
                <span className="num">#{service.release}</span>
              </span>
            )}
            {service.lastChange && (
              <Link to="/operations/$id" params={{ id: service.lastChange.operationId }} className="soft">
                {service.lastChange.actor.name} ·{' '}
                {t.say(`operationKind.${service.lastChange.kind}`, undefined, service.lastChange.kind)} ·{' '}
                <Ago at={service.lastChange.at} />
              </Link>
            )}
          </p>
        </div>
        <span className="grow" />
        <Actions place={place} service={service} />
      </div>
      <EnvironmentStrip place={place} />
      {service.candidate && (
        <p className="note" role="status">
          <Shape tone="pending" />
          {t('service.onItsWay', { release: service.candidate.release })}
          <Link to="/operations/$id" params={{ id: service.candidate.operationId }}>
            {t('service.watch')}
          </Link>
        </p>
      )}
    </header>
  );
}

/** One service is one identity: how far each environment is. */
function EnvironmentStrip({ place }: { place: ServicePlace }) {
  const { data } = useQuery({
    queryKey: [...servicesQuery({ project: place.project }).queryKey, 'strip', place.service],
    queryFn: ({ signal }) =>
      call(routes.listServices, { query: { project: place.project, search: place.service, limit: 50 }, signal }),
    staleTime: 10_000,
  });
  const rows = data?.items.filter((row: ServiceListItem) => row.code === place.service && row.uid) ?? [];
  if (rows.length < 2) return null;
  return (
    <nav className="env-strip">
      {rows.map((row) => (
        <Link
          key={row.environment}
          to="/p/$project/$env/services/$code/$tab"
          params={{ project: row.project, env: row.environment, code: row.code, tab: 'overview' }}
          search={{}}
          className={row.environment === place.environment ? 'here' : undefined}
        >
          <EnvironmentTag environment={row.environment} />
          <span className="mono">{row.image ? imageVersion(row.image) : '–'}</span>
          <Shape tone={toneOf.service(row.state)} />
        </Link>
      ))}
    </nav>
  );
}
