import {
  cmdbChangeKinds,
  cmdbRowKinds,
  type CmdbChangeKind,
  type CmdbPush,
  type CmdbPushRow,
  type CmdbRowKind,
} from '@berth/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Select } from 'antd';
import { useState } from 'react';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Clock } from '../../ui/Time.js';
import { durationText } from '../../ui/time.js';
import { useTitle } from '../../ui/useTitle.js';
import { Approval } from './Approval.js';
import { More } from './More.js';
import { countNames, tones } from './Pushes.js';
import { pushQuery, pushRowsQuery } from './queries.js';
import './cmdb.css';

/** Rows that somebody has to decide about one by one; those of a large retirement wait for its approval instead. */
const waitingOf = ({ counts, approval }: CmdbPush) =>
  counts.projects.waiting + counts.services.waiting - (approval?.state === 'waiting' ? approval.rows : 0);

const kinds = ['businessLines', 'projects', 'services'] as const;

/** One push: its counts by kind, and what it changed row by row. */
export function PushPage() {
  const t = useT();
  const { push: id } = useParams({ from: '/inside/admin/cmdb/pushes/$push' });
  const query = useQuery(pushQuery(id));
  useTitle(t('cmdb.push'));
  return (
    <Loaded query={query} rows={8}>
      {(push) => (
        <div className="stack">
          <header className="page-head">
            <h1>
              {push.source} {t('cmdb.version', { version: push.version })}
            </h1>
            <span className="tag">{t(`cmdbMode.${push.mode}`)}</span>
            {push.dryRun && <span className="tag tag-brand">{t('cmdb.dryRun')}</span>}
            {push.sample && <span className="tag">{t('cmdb.sample')}</span>}
            <Mark tone={tones[push.result]}>{t(`cmdbResult.${push.result}`)}</Mark>
            <span className="sub">
              {push.by} · <Clock at={push.at} /> · {durationText(push.durationMs)}
            </span>
            <span className="grow" />
            {waitingOf(push) > 0 && !push.dryRun && (
              <Link to="/admin/cmdb" search={{ tab: 'vanished' }} data-testid="to-vanished">
                {t('cmdb.toVanished', { count: waitingOf(push) })}
              </Link>
            )}
            <Link to="/admin/cmdb">{t('cmdb.back')}</Link>
          </header>
          {push.approval && <Approval push={push} approval={push.approval} />}
          <section className="panel">
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
                      <td key={name} className={`numeric ${push.counts[kind][name] === 0 ? 'faint' : ''}`}>
                        {push.counts[kind][name]}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <Rows id={id} />
        </div>
      )}
    </Loaded>
  );
}

function Rows({ id }: { id: string }) {
  const t = useT();
  const [kind, setKind] = useState<CmdbRowKind>();
  const [change, setChange] = useState<CmdbChangeKind>();
  const query = useInfiniteQuery(pushRowsQuery(id, { ...(kind && { kind }), ...(change && { change }) }));
  return (
    <section className="panel" data-testid="push-rows">
      <header>
        <h2>{t('cmdb.rows')}</h2>
        <span className="row">
          <Select
            allowClear
            aria-label={t('cmdb.kind')}
            placeholder={t('cmdb.kind')}
            value={kind}
            style={{ width: 130 }}
            onChange={setKind}
            options={cmdbRowKinds.map((value) => ({ value, label: t(`cmdbRow.${value}`) }))}
          />
          <Select
            allowClear
            aria-label={t('cmdb.change')}
            placeholder={t('cmdb.change')}
            value={change}
            style={{ width: 130 }}
            onChange={setChange}
            options={cmdbChangeKinds.map((value) => ({ value, label: t(`cmdbChange.${value}`) }))}
          />
        </span>
      </header>
      <Loaded query={query} rows={6}>
        {(data) => {
          const rows = data.pages.flatMap(({ items }) => items);
          if (rows.length === 0) return <Empty title={t('cmdb.noRows')} />;
          return (
            <>
              <table className="plain flush">
                <tbody>
                  {rows.map((row, index) => (
                    <Row key={index} row={row} />
                  ))}
                </tbody>
              </table>
              <More query={query} />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

const rowTones = {
  reject: 'tag-bad',
  wait: 'tag-warn',
  retire: 'tag-warn',
  create: 'tag-ok',
  restore: 'tag-ok',
} as const;

function Row({ row }: { row: CmdbPushRow }) {
  const t = useT();
  const tone = row.change in rowTones ? rowTones[row.change as keyof typeof rowTones] : 'tag-brand';
  return (
    <tr>
      <td>
        <span className={`tag ${tone}`}>{t(`cmdbChange.${row.change}`)}</span>
      </td>
      <td className="nowrap">{t(`cmdbRow.${row.kind}`)}</td>
      <td className="mono">{row.key ?? row.cmdbId ?? '–'}</td>
      <td>{row.name}</td>
      <td>
        {row.rejected ? (
          <span>
            {t(row.rejected.field === 'removed' ? 'cmdb.removedNumber' : 'cmdb.rowNumber', {
              number: row.rejected.index + 1,
            })}{' '}
            {t(`cmdbFault.${row.rejected.code}`, { field: row.rejected.field, ...row.rejected.params })}{' '}
            {row.rejected.value !== null && <code>{row.rejected.value}</code>}
          </span>
        ) : (
          row.fields.map(({ field, before, after }) => (
            <div key={field}>
              <span className="faint">{t.say(`cmdbField.${field}`, undefined, field)}</span>{' '}
              {before !== null && (
                <>
                  <del>{String(before)}</del> →{' '}
                </>
              )}
              <ins>{after === null ? '–' : String(after)}</ins>
            </div>
          ))
        )}
      </td>
    </tr>
  );
}
