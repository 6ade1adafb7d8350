import { environmentNames } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { servicesQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { routes, type ServiceListItem } from '@berth/api';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, ServiceMark, Shape } from '../../ui/Mark.js';
import { Ago, Lasting } from '../../ui/Time.js';
import { toneOf } from '../../ui/tone.js';
import { imageVersion } from '../../ui/words.js';
import { Actions } from './Actions.js';
import { PauseBanner } from './PauseBanner.js';

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
            {service.stateSince && service.cause && (
              <span className="mark-warn">
                <Lasting from={service.stateSince} />
              </span>
            )}
            {service.image && (
              <span>
                <span className="mono" title={service.image} data-testid="service-version">
                  {imageVersion(service.image)}
                </span>{' '}
                <span className="num">(#{service.release})</span>
              </span>
            )}
            {service.lastChange && <LastChange change={service.lastChange} />}
            {service.reason && !service.cause && (
              <span className="mark-warn">{t.say(`cause.${service.reason}`, undefined, service.reason)}</span>
            )}
          </p>
        </div>
        <span className="grow" />
        <Actions place={place} service={service} />
      </div>
      <EnvironmentStrip place={place} />
      <PauseBanner place={place} service={service} />
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

/** "李雷 12 分钟前升级", in the order of the language. */
function LastChange({ change }: { change: NonNullable<ServiceWithEtag['lastChange']> }) {
  const t = useT();
  const what = t.say(`operationKind.${change.kind}`, undefined, change.kind);
  const [before = '', after = ''] = t('service.lastChange', { who: change.actor.name, what, when: '|' }).split('|');
  return (
    <Link to="/operations/$id" params={{ id: change.operationId }} className="soft" data-testid="service-last-change">
      {before}
      <Ago at={change.at} />
      {after}
    </Link>
  );
}

/** One service is one identity: how far each environment is. */
function EnvironmentStrip({ place }: { place: ServicePlace }) {
  const t = useT();
  const { data } = useQuery({
    queryKey: [...servicesQuery({ project: place.project }).queryKey, 'strip', place.service],
    queryFn: ({ signal }) =>
      call(routes.listServices, { query: { project: place.project, search: place.service, limit: 50 }, signal }),
    staleTime: 10_000,
  });
  const order = (row: ServiceListItem) => environmentNames.findIndex((name) => name === row.environment);
  const rows = (data?.items ?? [])
    .filter((row: ServiceListItem) => row.code === place.service && row.uid)
    .sort((a, b) => order(a) - order(b));
  if (rows.length < 2) return null;
  return (
    <nav className="env-strip" aria-label={t('service.environments')}>
      {rows.map((row) => (
        <Link
          key={row.environment}
          to="/p/$project/$env/services/$code/$tab"
          params={{ project: row.project, env: row.environment, code: row.code, tab: 'overview' }}
          search={{}}
          className={row.environment === place.environment ? 'here' : undefined}
          aria-current={row.environment === place.environment ? 'true' : undefined}
          title={t(`serviceState.${row.state}`)}
        >
          <EnvironmentTag environment={row.environment} />
          <span className="mono">{row.image ? imageVersion(row.image) : '–'}</span>
          <Shape tone={toneOf.service(row.state)} />
        </Link>
      ))}
    </nav>
  );
}
