import { routes, type Cluster } from '@berth/api';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { CauseField } from '../../ui/CauseField.js';
import { Dialog } from '../../ui/Dialog.js';
import { ErrorNote } from '../../ui/ProblemNote.js';

/** Forgets a cluster that no service runs in; nothing in the cluster is touched. */
export function RemoveCluster({ cluster }: { cluster: Cluster }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [cause, setCause] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [key, setKey] = useState(() => crypto.randomUUID());
  if (!may('cluster.manage')) return null;
  const send = async () => {
    setBusy(true);
    setError(null);
    try {
      const accepted = await call(routes.removeCluster, {
        params: { cluster: cluster.name },
        query: cause.trim() ? { cause: cause.trim() } : {},
        idempotencyKey: key,
      });
      await navigate({ to: '/operations/$id', params: { id: accepted.operationId } });
    } catch (thrown) {
      setError(thrown);
      setKey(crypto.randomUUID());
      setBusy(false);
    }
  };
  return (
    <>
      <span title={cluster.services > 0 ? t('clusters.removeText') : undefined}>
        <Button
          size="small"
          type="text"
          danger
          disabled={cluster.services > 0}
          onClick={() => setOpen(true)}
          data-testid={`remove-${cluster.name}`}
        >
          {t('clusters.remove')}
        </Button>
      </span>
      {isOpen && (
        <Dialog
          danger
          title={`${t('clusters.remove')} ${cluster.displayName}`}
          okText={t('clusters.remove')}
          busy={busy}
          testId="dialog-remove-cluster"
          onOk={() => void send()}
          onClose={() => setOpen(false)}
        >
          {error !== null && <ErrorNote error={error} />}
          <p>{t('clusters.removeText')}</p>
          <CauseField value={cause} onChange={setCause} />
        </Dialog>
      )}
    </>
  );
}
