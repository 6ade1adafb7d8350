import { routes } from '@berth/api';
import { Input, InputNumber } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Copy } from '../../ui/Copy.js';
import { Dialog } from '../../ui/Dialog.js';
import { Field } from '../../ui/Field.js';
import { ErrorNote } from '../../ui/ProblemNote.js';

/** Makes the machine token with which the CMDB pushes, or one for own scripts; its value is shown once. */
export function TokenDialog({ own = false, onClose }: { own?: boolean; onClose(): void }) {
  const t = useT();
  const [name, setName] = useState(own ? '' : 'cmdb');
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
        : await call(routes.createToken, { body: { ...body, permission: 'cmdb.push' } });
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
