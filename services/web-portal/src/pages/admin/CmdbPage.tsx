import type { CmdbPush } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { cmdbPushesQuery } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import type { Tone } from '../../ui/tone.js';
import { useTitle } from '../../ui/useTitle.js';
import { TokenDialog } from './TokenDialog.js';

const tones: Record<CmdbPush['result'], Tone> = { applied: 'ok', unchanged: 'off', dry_run: 'off', older: 'warn' };
const countNames = ['created', 'updated', 'retired', 'unchanged', 'rejected'] as const;
const kinds = ['businessLines', 'projects', 'services'] as const;

/** What the CMDB pushed: counts of every push, and why rows were rejected. */
export function CmdbPage() {
  const t = useT();
  const query = useQuery(cmdbPushesQuery);
  const may = useMay();
  const [token, setToken] = useState(false);
  useTitle(t('menu.cmdb'));
  return (
    <>
      <header className="page-head">
        <h1>{t('menu.cmdb')}</h1>
        <span className="sub">{t('cmdb.intro')}</span>
        <span className="grow" />
        {may('member.manage') && (
          <Button onClick={() => setToken(true)} data-testid="add-token">
            {t('token.add')}
          </Button>
        )}
      </header>
      <Loaded query={query} rows={6}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty
              title={t('cmdb.none')}
              text={t('cmdb.noneText')}
              line={`curl -X POST ${location.origin}/api/v1/cmdb/pushes -H "authorization: Bearer $TOKEN" -H "content-type: application/json" -d @snapshot.json`}
            />
          ) : (
            <div className="stack">
              {page.items.map((push) => (
                <PushRow key={push.id} push={push} />
              ))}
            </div>
          )
        }
      </Loaded>
      {token && <TokenDialog onClose={() => setToken(false)} />}
    </>
  );
}

function PushRow({ push }: { push: CmdbPush }) {
  const t = useT();
  return (
    <section className="panel" data-testid={`push-${push.version}`}>
      <header>
        <h2 className="row">
          {push.source} <span className="num">{t('cmdb.version', { version: push.version })}</span>
          {push.dryRun && <span className="tag tag-brand">{t('cmdb.dryRun')}</span>}
        </h2>
        <span className="row">
          <Mark tone={tones[push.result]}>{t(`cmdbResult.${push.result}`)}</Mark>
          <span className="faint">
            <Ago at={push.at} /> · {durationText(push.durationMs)}
          </span>
        </span>
      </header>
      <table className="plain flush">
        <thead>
          <tr>
            <th />
            {countNames.map((name) => (
              <th key={name} scope="col" className="numeric">
                {t(`cmdbCount.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">{t(`cmdbKind.${kind}`)}</th>
              {countNames.map((name) => (
                <td
                  key={name}
                  className={`numeric ${name === 'rejected' && push.counts[kind][name] > 0 ? 'mark-bad' : push.counts[kind][name] === 0 ? 'faint' : ''}`}
                >
                  {push.counts[kind][name]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
