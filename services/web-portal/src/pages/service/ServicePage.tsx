import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { serviceQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { NotFound } from '../../frame/fallbacks.js';
import { useT } from '../../i18n/index.js';
import { Loaded, Skeleton } from '../../ui/Loaded.js';
import { useTitle } from '../../ui/useTitle.js';
import { Containers } from './Containers.js';
import { Head } from './Head.js';
import { Overview } from './Overview.js';
import './service.css';

const Releases = lazy(async () => ({ default: (await import('./Releases.js')).Releases }));
const Logs = lazy(async () => ({ default: (await import('./logs/Logs.js')).Logs }));
const Metrics = lazy(async () => ({ default: (await import('./Metrics.js')).Metrics }));
const Events = lazy(async () => ({ default: (await import('./Events.js')).Events }));
const Settings = lazy(async () => ({ default: (await import('./Settings.js')).Settings }));

const tabs = ['overview', 'containers', 'releases', 'metrics', 'logs', 'events', 'settings'] as const;
type Tab = (typeof tabs)[number];

export function ServicePage() {
  const t = useT();
  const { project, env, code, tab } = useParams({ from: '/inside/p/$project/$env/services/$code/$tab' });
  const environment = environmentNames.find((name) => name === env);
  const shown = tabs.find((name) => name === tab);
  useTitle(shown ? `${code} · ${t(`tab.${shown}`)}` : code);
  if (!environment || !shown) return <NotFound />;
  return <ServiceView key={`${project}/${env}/${code}`} place={{ project, environment, service: code }} tab={shown} />;
}

function ServiceView({ place, tab }: { place: ServicePlace & { environment: EnvironmentName }; tab: Tab }) {
  const t = useT();
  const may = useMay();
  const query = useQuery(serviceQuery(place));
  const isFull = tab === 'logs';
  return (
    <div className={isFull ? 'page-fill' : undefined}>
      <Loaded query={query} rows={8}>
        {(service) => (
          <>
            <Head place={place} service={service} />
            <nav className="tabs" aria-label={t('service.tabs')}>
              {tabs
                .filter((name) => name !== 'logs' || may('service.logs', place))
                .map((name) => (
                  <Link
                    key={name}
                    to="/p/$project/$env/services/$code/$tab"
                    params={{ project: place.project, env: place.environment, code: place.service, tab: name }}
                    search={{}}
                    aria-current={name === tab ? 'page' : undefined}
                    className={name === tab ? 'active' : undefined}
                    data-testid={`tab-${name}`}
                  >
                    {t(`tab.${name}`)}
                  </Link>
                ))}
            </nav>
            <Suspense fallback={<Skeleton rows={8} />}>
              <TabContent place={place} service={service} tab={tab} />
            </Suspense>
          </>
        )}
      </Loaded>
    </div>
  );
}

function TabContent({ place, service, tab }: { place: ServicePlace; service: ServiceWithEtag; tab: Tab }) {
  switch (tab) {
    case 'overview':
      return <Overview place={place} service={service} />;
    case 'containers':
      return <Containers place={place} />;
    case 'releases':
      return <Releases place={place} service={service} />;
    case 'metrics':
      return <Metrics place={place} />;
    case 'logs':
      return <Logs place={place} />;
    case 'events':
      return <Events place={place} />;
    case 'settings':
      return <Settings place={place} service={service} />;
  }
}
