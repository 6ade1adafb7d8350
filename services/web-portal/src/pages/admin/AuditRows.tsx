import { auditResults, routeTable, type AuditFilter, type AuditRow } from '@berth/api';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useMemo } from 'react';
import { auditQuery, newestAuditQuery } from '../../api/admin-queries.js';
import { useT, type Translate } from '../../i18n/index.js';
import { Grid, type GridColumn } from '../../ui/Grid.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { PersonName } from '../../ui/PersonName.js';
import { Clock } from '../../ui/Time.js';
import type { Tone } from '../../ui/tone.js';

const tones: Record<AuditRow['result'], Tone> = { accepted: 'ok', done: 'ok', refused: 'warn', forbidden: 'bad' };
const actions = [...routeTable.filter(({ audited }) => audited).map(({ id }) => id), 'firstPassword'];

function columnsOf(t: Translate): GridColumn<AuditRow>[] {
  return [
    {
      id: 'sequence',
      header: '#',
      width: '58px',
      dropAt: 2,
      numeric: true,
      cell: (row) => row.sequence ?? <span title={t('audit.notChained')}>…</span>,
    },
    { id: 'at', header: t('audit.at'), width: '150px', cell: (row) => <Clock at={row.at} /> },
    {
      id: 'actor',
      header: t('audit.actor'),
      width: 'minmax(150px, 0.9fr)',
      cell: (row) => (
        <span className="cut">
          <PersonName actor={row.actor} /> <span className="faint">{t(`channel.${row.actor.channel}`)}</span>
        </span>
      ),
    },
    { id: 'action', header: t('audit.action'), width: 'minmax(110px, 0.7fr)', cell: (row) => verb(row.action, t) },
    {
      id: 'target',
      header: t('audit.target'),
      width: 'minmax(180px, 1.4fr)',
      cell: (row) => (
        <span className="mono cut" title={row.target}>
          {row.target}
        </span>
      ),
    },
    {
      id: 'cause',
      header: t('deploy.cause'),
      width: 'minmax(110px, 1fr)',
      cell: (row) => (
        <span className="soft cut" title={row.cause ?? undefined}>
          {row.cause}
        </span>
      ),
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
      id: 'correlation',
      header: t('audit.correlation'),
      width: '118px',
      dropAt: 1,
      cell: (row) => (
        <span className="mono faint cut" title={row.correlationId}>
          {row.correlationId}
        </span>
      ),
    },
    {
      id: 'address',
      header: t('audit.address'),
      width: '110px',
      dropAt: 1,
      cell: (row) => <span className="mono faint">{row.address}</span>,
    },
  ];
}

function verb(action: string, t: Translate): string {
  return t.say(`auditAction.${action}`, undefined, action);
}

type Part = { [Name in keyof AuditFilter]?: AuditFilter[Name] | undefined };
interface Asked {
  readonly filter: AuditFilter;
  /** Only what was done in it; null for the whole platform. */
  readonly project: string | null;
}

/** Rows of the audit log that fit a filter, newest first, with the filter above them. */
export function AuditRows({ filter, project, set }: Asked & { set: (part: Part) => void }) {
  const t = useT();
  const query = useInfiniteQuery(auditQuery(filter, project));
  const columns = useMemo(() => columnsOf(t), [t]);
  return (
    <>
      <FilterBar filter={filter} set={set} />
      <Loaded query={query} rows={12}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          if (rows.length === 0) return <Empty title={t('audit.noneFound')} text={t('audit.noneFoundText')} />;
          return (
            <>
              <NewerNote filter={filter} project={project} shown={rows[0]?.position ?? 0} />
              <Grid
                rows={rows}
                columns={columns}
                rowKey={(row) => String(row.position)}
                label={t('menu.audit')}
                onEnd={() => {
                  if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
                }}
              />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function FilterBar({ filter, set }: { filter: AuditFilter; set: (part: Part) => void }) {
  const t = useT();
  const text = (name: 'target' | 'actor' | 'cause', label: string, width: number) => (
    <Input.Search
      {...(name === 'target' && { 'data-search': true })}
      allowClear
      style={{ width }}
      defaultValue={filter[name] ?? ''}
      placeholder={label}
      aria-label={label}
      onSearch={(value) => set({ [name]: value.trim() || undefined })}
    />
  );
  return (
    <div className="row filters" role="search" aria-label={t('menu.audit')}>
      {text('target', t('audit.byTarget'), 200)}
      {text('actor', t('audit.byActor'), 170)}
      <Select
        aria-label={t('audit.action')}
        style={{ width: 170 }}
        showSearch={{ optionFilterProp: 'label' }}
        value={filter.action ?? ''}
        options={[
          { value: '', label: t('audit.anyAction') },
          ...actions.map((action) => ({ value: action, label: verb(action, t) })),
        ]}
        onChange={(action) => set({ action: action || undefined })}
      />
      <Select
        aria-label={t('audit.result')}
        style={{ width: 120 }}
        value={filter.result ?? ''}
        options={[
          { value: '' as const, label: t('audit.anyResult') },
          ...auditResults.map((result) => ({ value: result, label: t(`auditResult.${result}`) })),
        ]}
        onChange={(result) => set({ result: auditResults.find((known) => known === result) })}
      />
      {text('cause', t('audit.byCause'), 160)}
      <DatePicker.RangePicker
        showTime={{ format: 'HH:mm' }}
        format="YYYY-MM-DD HH:mm"
        style={{ width: 320 }}
        placeholder={[t('audit.from'), t('audit.to')]}
        value={[filter.from ? dayjs(filter.from) : null, filter.to ? dayjs(filter.to) : null]}
        onChange={(range) => set({ from: range?.[0]?.toISOString(), to: range?.[1]?.toISOString() })}
      />
    </div>
  );
}

function NewerNote({ filter, project, shown }: Asked & { shown: number }) {
  const t = useT();
  const client = useQueryClient();
  const { data: newest = 0 } = useQuery(newestAuditQuery(filter, project));
  return (
    <p className="newer" role="status">
      {newest > shown && (
        <button
          type="button"
          className="link"
          onClick={() => void client.resetQueries({ queryKey: auditQuery(filter, project).queryKey })}
        >
          {t('audit.newer')}
        </button>
      )}
    </p>
  );
}
