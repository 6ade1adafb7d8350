import type { AuditRow } from '@berth/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Input } from 'antd';
import { useMemo } from 'react';
import { auditQuery } from '../../api/queries.js';
import { useT, type Translate } from '../../i18n/index.js';
import { Grid, type GridColumn } from '../../ui/Grid.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Clock } from '../../ui/Time.js';
import type { Tone } from '../../ui/tone.js';
import { useTitle } from '../../ui/useTitle.js';

const tones: Record<AuditRow['result'], Tone> = { accepted: 'ok', done: 'ok', refused: 'warn', forbidden: 'bad' };

function columnsOf(t: Translate): GridColumn<AuditRow>[] {
  return [
    { id: 'sequence', header: '#', width: '52px', dropAt: 2, numeric: true, cell: (row) => row.sequence },
    { id: 'at', header: t('audit.at'), width: '150px', cell: (row) => <Clock at={row.at} /> },
    {
      id: 'actor',
      header: t('audit.actor'),
      width: 'minmax(110px, 0.8fr)',
      cell: (row) => `${row.actor.name} · ${t(`channel.${row.actor.channel}`)}`,
    },
    {
      id: 'action',
      header: t('audit.action'),
      width: 'minmax(120px, 0.8fr)',
      cell: (row) => t.say(`auditAction.${row.action}`, undefined, row.action),
    },
    {
      id: 'target',
      header: t('audit.target'),
      width: 'minmax(180px, 1.4fr)',
      cell: (row) => <span className="mono">{row.target}</span>,
    },
    {
      id: 'cause',
      header: t('deploy.cause'),
      width: 'minmax(120px, 1fr)',
      cell: (row) => <span className="soft">{row.cause}</span>,
    },
    {
      id: 'result',
      header: t('audit.result'),
      width: 'minmax(130px, 1fr)',
      cell: (row) => (
        <span className="row nowrap">
          <Mark tone={tones[row.result]}>{t(`auditResult.${row.result}`)}</Mark>
          {row.problemCode && (
            <span className="faint cut">{t.say(`problem.${row.problemCode}.title`, undefined, row.problemCode)}</span>
          )}
        </span>
      ),
    },
    {
      id: 'operation',
      header: t('audit.operation'),
      width: '84px',
      cell: (row) =>
        row.operationId && (
          <Link to="/operations/$id" params={{ id: row.operationId }} className="mono">
            {row.operationId.slice(0, 8)}
          </Link>
        ),
    },
    {
      id: 'address',
      header: t('audit.address'),
      width: '120px',
      dropAt: 1,
      cell: (row) => <span className="mono faint">{row.address}</span>,
    },
  ];
}

/** Who changed what, newest first. */
export function AuditPage() {
  const t = useT();
  const filter = useSearch({ from: '/inside/admin/audit' });
  const navigate = useNavigate();
  useTitle(t('menu.audit'));
  const query = useInfiniteQuery(auditQuery(filter));
  const columns = useMemo(() => columnsOf(t), [t]);
  const set = (part: { target?: string | undefined; actor?: string | undefined }) =>
    void navigate({ to: '/admin/audit', search: { ...filter, ...part }, replace: true });
  return (
    <div className="page-fill">
      <header className="page-head">
        <h1>{t('menu.audit')}</h1>
        <Input.Search
          data-search
          allowClear
          style={{ width: 280 }}
          defaultValue={filter.target ?? ''}
          placeholder={t('audit.byTarget')}
          aria-label={t('audit.byTarget')}
          onSearch={(value) => set({ target: value || undefined })}
        />
        <Input.Search
          allowClear
          style={{ width: 200 }}
          defaultValue={filter.actor ?? ''}
          placeholder={t('audit.byActor')}
          aria-label={t('audit.byActor')}
          onSearch={(value) => set({ actor: value || undefined })}
        />
      </header>
      <Loaded query={query} rows={12}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          if (rows.length === 0) return <Empty title={t('audit.none')} />;
          return (
            <Grid
              rows={rows}
              columns={columns}
              rowKey={(row) => String(row.position)}
              label={t('menu.audit')}
              onEnd={() => {
                if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
              }}
            />
          );
        }}
      </Loaded>
    </div>
  );
}
