import { routes } from '@berth/api';
import { Input, InputNumber, Segmented } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';

/** Makes a machine token with which the CMDB pushes or pulls, or one for own scripts; its value is shown once. */
export function TokenDialog({ own = false, onClose }: { own?: boolean; onClose(): void }) {
  const t = useT();
  const [name, setName] = useState(own ? '' : 'cmdb');
  const [permission, setPermission] = useState<'cmdb.push' | 'cmdb.pull'>('cmdb.push');
  const [source, setSource] = useState('');
  const [days, setDays] = useState(own ? 90 : 365);
  const [token, setToken] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      const body = { name: name.trim(), expiresInDays: days };
      const made = own
        ? await call(routes.createOwnToken, { body })
        : await call(routes.createToken, {
            body: {
              ...body,
              permission,
              ...(permission === 'cmdb.push' && source.trim() && { source: source.trim() }),
            },
          });
      setToken(made.token);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t(own ? 'token.addOwn' : 'token.add')}
      okText={t(token ? 'token.close' : 'token.create')}
      blocked={name.trim() === ''}
      busy={busy}
      testId="dialog-token"
      onOk={() => (token ? onClose() : void make())}
      onClose={onClose}
    >
      {error !== null && <ErrorNote error={error} />}
      {token ? (
        <div className="stack">
          <p className="note note-warn">{t('token.once')}</p>
          <Copy text={token} mono />
        </div>
      ) : (
        <>
          {own && <p className="soft">{t('token.ownHint')}</p>}
          <Field label={t('token.name')}>
            {(ids) => <Input {...ids} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />}
          </Field>
          {!own && (
            <Field label={t('token.may')}>
              {(ids) => (
                <Segmented
                  {...ids}
                  value={permission}
                  options={[
                    { value: 'cmdb.push' as const, label: t('token.mayCmdb') },
                    { value: 'cmdb.pull' as const, label: t('token.mayPull') },
                  ]}
                  onChange={setPermission}
                />
              )}
            </Field>
          )}
          {!own && permission === 'cmdb.push' && (
            <Field label={t('token.source')}>
              {(ids) => (
                <Input {...ids} value={source} maxLength={60} onChange={(event) => setSource(event.target.value)} />
              )}
            </Field>
          )}
          <Field label={t('token.days')}>
            {(ids) => (
              <InputNumber
                {...ids}
                min={1}
                max={own ? 365 : 3650}
                value={days}
                onChange={(value) => setDays(value ?? 90)}
              />
            )}
          </Field>
        </>
      )}
    </Dialog>
  );
}
