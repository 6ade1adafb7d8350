import { routes, type CmdbSource } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { call } from '../../api/client.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago } from '../../ui/Time.js';
import { sourcesQuery } from './queries.js';

/** The systems that push. A sample can be removed and taken up again as a whole. */
export function Sources() {
  const t = useT();
  const may = useMay();
  const query = useQuery(sourcesQuery);
  const [asked, setAsked] = useState<CmdbSource | null>(null);
  return (
    <div className="row" data-testid="sources">
      {query.data?.items.map((source) => (
        <span key={source.source} className="row nowrap">
          <b>{source.source}</b>
          {source.sample && <span className="tag">{t('cmdb.sample')}</span>}
          {source.removed && <span className="tag tag-warn">{t('cmdb.removed')}</span>}
          <span className="faint">
            {t('cmdb.holds', { projects: source.projects, services: source.services })} ·{' '}
            {source.pushedAt && <Ago at={source.pushedAt} />}
          </span>
          {source.sample && may('cmdb.manage') && (
            <Button size="small" onClick={() => setAsked(source)} data-testid="change-sample">
              {t(source.removed ? 'operationKind.cmdb.restore' : 'operationKind.cmdb.remove')}
            </Button>
          )}
        </span>
      ))}
      {asked && <SampleDialog source={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

function SampleDialog({ source, onClose }: { source: CmdbSource; onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const idempotencyKey = useRef(crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const kind = source.removed ? 'restore' : 'remove';
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      const route = source.removed ? routes.restoreCmdbSource : routes.removeCmdbSource;
      const options = { params: { source: source.source }, body: {}, idempotencyKey: idempotencyKey.current };
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
      okText={t(`operationKind.cmdb.${kind}`)}
      danger={kind === 'remove'}
      busy={busy}
      testId="dialog-sample"
      onOk={() => void go()}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      <p>{t(`cmdb.${kind}Text`)}</p>
    </Dialog>
  );
}
