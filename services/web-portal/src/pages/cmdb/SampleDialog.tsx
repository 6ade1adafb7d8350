import { routes, type CmdbSource, type CmdbSourceService } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Dialog } from '../../ui/Dialog.js';
import { Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag, ServiceMark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { sourceServicesQuery } from './queries.js';

/** What goes with the sample, service by service, before it goes; or what comes back with it, and what does not. */
export function SampleDialog({ source, onClose }: { source: CmdbSource; onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const idempotencyKey = useRef(crypto.randomUUID());
  const [cause, setCause] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const kind = source.removed ? 'restore' : 'remove';
  const services = useQuery({ ...sourceServicesQuery(source.source), enabled: kind === 'remove' });
  const production = services.data?.items.filter((row) => row.production).length ?? 0;
  const isBlocked = kind === 'remove' && (!services.data || (production > 0 && cause.trim() === ''));
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      const route = source.removed ? routes.restoreCmdbSource : routes.removeCmdbSource;
      const body = cause.trim() === '' ? {} : { cause: cause.trim() };
      const options = { params: { source: source.source }, body, idempotencyKey: idempotencyKey.current };
      const { operationId } = await call(route, options);
      void navigate({ to: '/operations/$id', params: { id: operationId } });
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t(`operationTitle.cmdb.${kind}`, { target: source.source })}
      {...(production > 0 && { environment: 'prod' })}
      okText={t(`operationKind.cmdb.${kind}`)}
      danger={kind === 'remove'}
      blocked={isBlocked}
      busy={busy}
      width={640}
      testId="dialog-sample"
      onOk={() => void go()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      <p>{t(`cmdb.${kind}Text`)}</p>
      {kind === 'restore' && <code>npm run up</code>}
      {kind === 'remove' && (
        <>
          <p>{t('cmdb.goesCatalogue', { projects: source.projects, services: source.services })}</p>
          <Loaded query={services} rows={4}>
            {({ items }) => <Goes services={items} production={production} />}
          </Loaded>
        </>
      )}
      <CauseField required={production > 0} value={cause} onChange={setCause} />
    </Dialog>
  );
}

function Goes({ services, production }: { services: readonly CmdbSourceService[]; production: number }) {
  const t = useT();
  const nameOf = useClusterNames();
  if (services.length === 0) return <p className="soft">{t('cmdb.goesNothing')}</p>;
  return (
    <>
      <p className={production > 0 ? 'dialog-hit in-prod' : 'dialog-hit'} data-testid="goes-hit">
        {t('cmdb.goesServices', { services: services.length })}
        {production > 0 && <b> {t('bulk.production', { count: production })}</b>}
      </p>
      <div
        className="goes"
        tabIndex={0}
        role="group"
        aria-label={t('cmdb.goesServices', { services: services.length })}
      >
        <table className="plain" data-testid="goes">
          <tbody>
            {services.map((row) => (
              <tr key={`${row.project}/${row.environment}/${row.code}`}>
                <td>
                  <EnvironmentTag environment={row.environment} />
                </td>
                <td>
                  <b>{row.name}</b> <span className="mono faint">{`${row.project}/${row.code}`}</span>{' '}
                  {!row.named && <span className="tag tag-warn">{t('cmdb.goesOwn')}</span>}
                </td>
                <td className="nowrap">
                  <ServiceMark state={row.state} /> {t('cmdb.ready', { ready: row.ready, desired: row.desired })}
                </td>
                <td className="faint nowrap">{row.clusters.map(({ cluster }) => nameOf(cluster)).join(' · ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
