import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { namespaceOf } from '@berth/contracts';
import {
  containersQuery,
  operationsQuery,
  operationQuery,
  keyOf,
  type ServicePlace,
  type ServiceWithEtag,
} from '../../api/queries.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { Facts, Panel } from '../../ui/Field.js';
import { Loaded } from '../../ui/Loaded.js';
import { OperationMark, Shape } from '../../ui/Mark.js';
import { Ago, Clock, Lasting } from '../../ui/Time.js';
import { shortDigest, sizeText } from '../../ui/words.js';
import { Matrix } from './Matrix.js';
import { matrixOf } from './matrix.js';

const settled = ['running', 'stopped', 'undeployed'];

export function Overview({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const containers = useQuery({
    ...containersQuery(place, false),
    refetchInterval: settled.includes(service.state) ? 15_000 : 2500,
  });
  return (
    <div className="overview">
      <div className="stack">
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
        <Panel title={t('overview.addresses')}>
          <Addresses service={service} />
        </Panel>
        <Panel title={t('overview.about')}>
          <About place={place} service={service} />
        </Panel>
      </div>
    </div>
  );
}

function Numbers({ service }: { service: ServiceWithEtag }) {
  const t = useT();
  return (
    <span className="soft num">
      {t('overview.desired')} <b>{service.desired}</b> · {t('overview.observed')} <b>{service.ready}</b>
      {service.restartsLastHour > 0 && (
        <>
          {' '}
          · {t('overview.restarts')} <b className="mark-warn">{service.restartsLastHour}</b>
        </>
      )}
    </span>
  );
}

function Addresses({ service }: { service: ServiceWithEtag }) {
  const t = useT();
  if (service.addresses.length === 0)
    return (
      <p className="faint">
        {service.spec && service.spec.ports.length === 0 ? t('overview.worker') : t('overview.noAddress')}
      </p>
    );
  return (
    <ul className="addresses">
      {service.addresses.map((row) => (
        <li key={`${row.cluster}${row.kind}${row.address}${row.port}`}>
          <span className="row">
            <span className="tag">{row.cluster}</span>
            <Copy text={`${row.address}:${row.port}`} mono />
          </span>
          <span className="faint">
            {row.portName} · {t('overview.reachable')} {t(`reach.${row.reachableFrom}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function About({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const namespace = namespaceOf(place);
  const policy = service.placement?.policy;
  return (
    <div className="stack">
      <Facts
        rows={[
          [t('services.image'), service.image && <Copy text={service.spec?.image ?? service.image} mono />],
          [
            t('release.digest'),
            service.resolvedImage && (
              <Copy text={service.resolvedImage.digest} label={shortDigest(service.resolvedImage.digest)} mono />
            ),
          ],
          [t('services.size'), service.size && sizeText(t, service.size)],
          [t('deploy.policy'), policy && t(`policy.${policy.mode}`)],
          [t('services.owner'), service.owner ?? <span className="faint">–</span>],
          [
            'CMDB ID',
            service.cmdbId ? (
              <Copy text={service.cmdbId} mono />
            ) : (
              <span className="faint">{t('deploy.unregistered')}</span>
            ),
          ],
          [t('overview.since'), <Clock key="since" at={service.createdAt} />],
        ]}
      />
      <details>
        <summary className="soft">kubectl</summary>
        {service.clusters.map((row) => (
          <p key={row.cluster}>
            <Copy
              mono
              text={`kubectl --context ${row.cluster} -n ${namespace} get pods -l berth.dev/service=${place.service}`}
            />
          </p>
        ))}
      </details>
    </div>
  );
}

function ExternalChanges({ service }: { service: ServiceWithEtag }) {
  const t = useT();
  return (
    <Panel title={t('overview.external')}>
      <ul className="stack">
        {service.externalChanges.map((row) => (
          <li key={`${row.cluster}${row.field}${row.at}`} className="row">
            <Shape tone={row.corrected ? 'ok' : 'warn'} />
            <span>
              {t('overview.externalRow', {
                cluster: row.cluster,
                field: t(`external.${row.field}`),
                manager: row.manager,
              })}{' '}
              · {t(row.corrected ? 'overview.corrected' : 'overview.notCorrected')}
            </span>
            <span className="faint">
              <Ago at={row.at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function RecentOperations({ place, running }: { place: ServicePlace; running: readonly string[] }) {
  const t = useT();
  const query = useInfiniteQuery(operationsQuery({ target: keyOf(place) }));
  return (
    <Loaded query={query} rows={3}>
      {(data) => {
        const rows = data.pages.flatMap((page) => page.items);
        const extra = running.filter((id) => !rows.some((row) => row.id === id));
        if (rows.length + extra.length === 0) return <p className="faint">{t('operations.none')}</p>;
        return (
          <ul className="op-list">
            {extra.map((id) => (
              <RunningOperation key={id} id={id} />
            ))}
            {rows.slice(0, 8).map((row) => (
              <li key={row.id}>
                <OperationMark state={row.state} />
                <Link to="/operations/$id" params={{ id: row.id }}>
                  {t(`operationKind.${row.kind}`)}
                </Link>
                <span className="cut soft">{row.cause}</span>
                <span className="soft">{row.actor.name}</span>
                <span className="faint">
                  <Lasting from={row.acceptedAt} to={row.endedAt} />
                </span>
                <span className="faint">
                  <Ago at={row.acceptedAt} />
                </span>
              </li>
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}

function RunningOperation({ id }: { id: string }) {
  const t = useT();
  const { data } = useQuery(operationQuery(id));
  if (!data) return null;
  return (
    <li>
      <OperationMark state={data.state} />
      <Link to="/operations/$id" params={{ id }}>
        {t(`operationKind.${data.kind}`)}
      </Link>
      <span />
      <span className="soft">{data.actor.name}</span>
      <span className="faint">
        <Lasting from={data.acceptedAt} to={data.endedAt} />
      </span>
    </li>
  );
}
