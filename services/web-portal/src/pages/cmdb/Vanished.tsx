import { routes, type CmdbVanished } from '@berth/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag, Mark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago, Clock } from '../../ui/Time.js';
import { cmdb, vanishedQuery } from './queries.js';

type Asked = { readonly row: CmdbVanished; readonly decision: 'retire' | 'keep' };

/** What the CMDB no longer names and still runs: somebody says whether it goes. */
export function Vanished() {
  const t = useT();
  const may = useMay();
  const query = useQuery(vanishedQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <>
      <Loaded query={query} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('cmdb.noneVanished')} text={t('cmdb.noneVanishedText')} />
          ) : (
            <table className="plain" data-testid="vanished">
              <tbody>
                {items.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <Mark tone={row.state === 'waiting' ? 'warn' : 'off'}>{t(`cmdbVanished.${row.state}`)}</Mark>
                    </td>
                    <td>
                      <b>{row.name}</b> <span className="mono faint">{row.key}</span>
                      {row.nowAt && <div>{t('cmdb.nowAt', { key: row.nowAt })}</div>}
                      {row.keptUntil && (
                        <div className="faint">
                          {row.decidedBy}: {row.cause} · <Clock at={row.keptUntil} />
                        </div>
                      )}
                    </td>
                    <td>
                      {row.running.map((one) => (
                        <div key={`${one.service}/${one.environment}`} className="row nowrap">
                          <EnvironmentTag environment={one.environment} /> {one.service}{' '}
                          {t('cmdb.ready', { ready: one.ready, desired: one.desired })}{' '}
                          <span className="faint">{one.clusters.map(({ cluster }) => cluster).join(' · ')}</span>
                        </div>
                      ))}
                    </td>
                    <td className="faint">
                      {row.source} {t('cmdb.version', { version: row.version })} · <Ago at={row.since} />
                    </td>
                    <td>
                      {may('cmdb.manage') && (
                        <span className="row nowrap">
                          <Button danger onClick={() => setAsked({ row, decision: 'retire' })}>
                            {t('cmdb.confirmRetire')}
                          </Button>
                          <Button onClick={() => setAsked({ row, decision: 'keep' })}>{t('cmdb.keep')}</Button>
                        </span>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Loaded>
      {asked && <DecisionDialog asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function DecisionDialog({ asked: { row, decision }, onClose }: { asked: Asked; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [cause, setCause] = useState('');
  const [days, setDays] = useState(7);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const decide = async () => {
    setBusy(true);
    setError(null);
    try {
      const ids = [row.id];
      const until = new Date(Date.now() + days * 86_400_000).toISOString();
      const body = decision === 'keep' ? { decision, ids, cause, until } : { decision, ids, cause };
      await call(routes.decideCmdbVanished, { body });
      await client.invalidateQueries({ queryKey: [cmdb] });
      onClose();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={`${t(decision === 'keep' ? 'cmdb.keep' : 'cmdb.confirmRetire')} ${row.name}`}
      okText={t(decision === 'keep' ? 'cmdb.keep' : 'cmdb.confirmRetire')}
      danger={decision === 'retire'}
      blocked={!cause.trim()}
      busy={busy}
      testId="dialog-vanished"
      onOk={() => void decide()}
      onClose={onClose}
    >
      <p>{t(decision === 'keep' ? 'cmdb.keepText' : 'cmdb.retireText')}</p>
      {error !== null && <ErrorNote error={error} />}
      <Field label={t('deploy.cause')} required>
        {(ids) => <Input {...ids} value={cause} maxLength={500} onChange={(event) => setCause(event.target.value)} />}
      </Field>
      {decision === 'keep' && (
        <Field label={t('cmdb.keepDays')}>
          {(ids) => <InputNumber {...ids} min={1} max={365} value={days} onChange={(value) => setDays(value ?? 7)} />}
        </Field>
      )}
    </Dialog>
  );
}
