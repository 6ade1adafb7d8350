import { routes, type ServiceListItem } from '@berth/api';
import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client.js';
import type { ServicePlace } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { EnvironmentTag, Shape } from '../../ui/Mark.js';
import { toneOf } from '../../ui/tone.js';
import { imageVersion } from '../../ui/words.js';

/** One service is one identity: how far each environment is, also where it is not deployed yet. */
export function EnvironmentStrip({ place }: { place: ServicePlace }) {
  const t = useT();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['services', 'strip', place.project, place.service],
    queryFn: ({ signal }) =>
      call(routes.listServices, { query: { project: place.project, code: place.service, limit: 50 }, signal }),
    staleTime: 10_000,
  });
  if (!data) return <nav className="env-strip" aria-label={t('service.environments')} />;
  const rowOf = (name: EnvironmentName) => data.items.find((row) => row.environment === name && row.uid);
  // What may not be read is not said to be missing.
  const shown = environmentNames.filter((environment) => may('service.read', { project: place.project, environment }));
  return (
    <nav className="env-strip" aria-label={t('service.environments')} data-testid="environment-strip">
      {shown.map((name) => {
        const row = rowOf(name);
        return row ? <Here key={name} row={row} place={place} /> : <Absent key={name} place={place} name={name} />;
      })}
    </nav>
  );
}

function Here({ row, place }: { row: ServiceListItem; place: ServicePlace }) {
  const t = useT();
  const isHere = row.environment === place.environment;
  return (
    <Link
      to="/p/$project/$env/services/$code/$tab"
      params={{ project: row.project, env: row.environment, code: row.code, tab: 'overview' }}
      search={{}}
      className={isHere ? 'here' : undefined}
      aria-current={isHere ? 'true' : undefined}
      title={t(`serviceState.${row.state}`)}
    >
      <EnvironmentTag environment={row.environment} />
      <span className="mono">{row.image ? imageVersion(row.image) : '–'}</span>
      <Shape tone={toneOf.service(row.state)} />
    </Link>
  );
}

/** Not deployed there; who may deploy there can begin with it. */
function Absent({ place, name }: { place: ServicePlace; name: EnvironmentName }) {
  const t = useT();
  const may = useMay();
  const inside = (
    <>
      <EnvironmentTag environment={name} />
      <span className="faint">{t('serviceState.undeployed')}</span>
    </>
  );
  if (!may('service.deploy', { project: place.project, environment: name })) return <span>{inside}</span>;
  return (
    <Link
      to="/p/$project/$env/deploy"
      params={{ project: place.project, env: name }}
      search={{ code: place.service }}
      title={t('deploy.title')}
    >
      {inside}
    </Link>
  );
}
