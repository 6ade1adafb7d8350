import { useQuery } from '@tanstack/react-query';
import { containersQuery, type ServicePlace, type ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { Panel } from '../../ui/Field.js';
import { Loaded } from '../../ui/Loaded.js';
import { About } from './About.js';
import { Addresses } from './Addresses.js';
import { ExternalChanges } from './ExternalChanges.js';
import { Matrix } from './Matrix.js';
import { matrixOf } from './matrix.js';
import { RecentOperations } from './RecentOperations.js';
import { StartupLog } from './StartupLog.js';
import { Usage } from './Usage.js';
import { WhyCard } from './why/WhyCard.js';

const settled = ['running', 'stopped', 'undeployed'];
const starting = ['deploying', 'changing'];

/** How it is, why, where it runs, what happened to it, and where it answers. */
export function Overview({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const containers = useQuery({
    ...containersQuery(place, false),
    refetchInterval: settled.includes(service.state) ? 15_000 : 2500,
  });
  return (
    <div className="overview">
      <div className="stack">
        <WhyCard place={place} service={service} />
        {starting.includes(service.state) && <StartupLog place={place} />}
        <Panel title={t('overview.matrix')} testId="replica-matrix" extra={<Numbers service={service} />}>
          <Loaded query={containers} rows={3}>
            {(page) => <Matrix place={place} rows={matrixOf(service, page.items)} />}
          </Loaded>
        </Panel>
        {service.externalChanges.length > 0 && <ExternalChanges service={service} />}
        <Panel title={t('overview.operations')}>
          <RecentOperations place={place} running={service.runningOperations} />
        </Panel>
      </div>
      <div className="stack">
        <Panel title={t('overview.addresses')} testId="addresses">
          <Addresses place={place} service={service} />
        </Panel>
        {service.uid && (
          <Panel title={t('overview.usage')} testId="usage">
            <Usage place={place} />
          </Panel>
        )}
        <Panel title={t('overview.about')}>
          <About place={place} service={service} />
        </Panel>
      </div>
    </div>
  );
}

function Numbers({ service }: { service: ServiceWithEtag }) {
  const t = useT();
  const isShort = service.ready < service.desired;
  return (
    <span className="soft num">
      {t('overview.desired')} <b>{service.desired}</b> · {t('overview.observed')}{' '}
      <b className={isShort ? 'mark-warn' : undefined}>{service.ready}</b>
      {service.restartsLastHour > 0 && (
        <>
          {' '}
          · {t('overview.restarts')} <b className="mark-warn">{service.restartsLastHour}</b>
        </>
      )}
    </span>
  );
}
