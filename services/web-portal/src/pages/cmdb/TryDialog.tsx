import { CmdbTryBody, routes, type CmdbPushAnswer } from '@berth/api';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { useT } from '../../i18n/index.js';
import { Dialog } from '../../ui/Dialog.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { countNames } from './Pushes.js';
import { cmdb } from './queries.js';

function parsed(text: string) {
  try {
    return CmdbTryBody.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** A push by hand: what it would do is seen first, and only then it can be applied. */
export function TryDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [seen, setSeen] = useState<CmdbPushAnswer | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const body = parsed(text);
  const send = async (dryRun: 'true' | 'false') => {
    if (!body) return;
    setBusy(true);
    setError(null);
    try {
      setSeen(await call(routes.tryCmdbPush, { body, query: { dryRun } }));
      await client.invalidateQueries({ queryKey: [cmdb] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('cmdb.try')}
      okText={t('cmdb.dryRun')}
      width={720}
      blocked={!body}
      busy={busy}
      testId="dialog-try"
      onOk={() => void send('true')}
      onClose={onClose}
    >
      <Input.TextArea
        aria-label={t('cmdb.tryText')}
        placeholder={t('cmdb.tryText')}
        rows={12}
        value={text}
        className="mono"
        onChange={(event) => {
          setText(event.target.value);
          setSeen(null);
        }}
      />
      {text !== '' && !body && <p className="field-error">{t('cmdb.notAPush')}</p>}
      {error !== null && <ErrorNote error={error} />}
      {seen && (
        <div className="row" role="status">
          <b>{t(`cmdbResult.${seen.result}`)}</b>
          {countNames.map((name) => {
            const { businessLines, projects, services } = seen.counts;
            const count = businessLines[name] + projects[name] + services[name];
            return count > 0 && <span key={name}>{`${t(`cmdbCount.${name}`)} ${count}`}</span>;
          })}
          <Link to="/admin/cmdb/pushes/$push" params={{ push: seen.id }}>
            {t('cmdb.rows')}
          </Link>
          {seen.dryRun && (
            <Button type="primary" loading={busy} onClick={() => void send('false')}>
              {t('cmdb.apply')}
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
}
