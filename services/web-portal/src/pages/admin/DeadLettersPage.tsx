import { DeadLetterOwner, type DeadLetter, type DeadLetterSource } from '@berth/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Input, Segmented, Select } from 'antd';
import { useMemo } from 'react';
import { deadLettersQuery, type DeadLettersFilter } from '../../api/admin-queries.js';
import { useT, type Translate } from '../../i18n/index.js';
import { Grid, type GridColumn } from '../../ui/Grid.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { messageName } from './message-words.js';
import './admin.css';

function columnsOf(t: Translate): GridColumn<DeadLetter>[] {
  return [
    { id: 'at', header: t('deadLetters.lastSeen'), width: '110px', cell: (row) => <Ago at={row.lastSeenAt} /> },
    {
      id: 'owner',
      header: t('deadLetters.owner'),
      width: '110px',
      cell: (row) => <span className="mono">{row.owner}</span>,
    },
    {
      id: 'message',
      header: t('deadLetters.message'),
      width: 'minmax(130px, 1fr)',
      cell: (row) => (
        <Link to="/admin/dead-letters/$owner/$id" params={{ owner: row.owner, id: String(row.id) }}>
          {messageName(row, t)}
        </Link>
      ),
    },
    {
      id: 'object',
      header: t('deadLetters.object'),
      width: 'minmax(140px, 1fr)',
      cell: (row) =>
        row.key === '' ? (
          <span className="faint">{t('deadLetters.noKey')}</span>
        ) : (
          <span className="mono cut">{row.key}</span>
        ),
    },
    {
      id: 'reason',
      header: t('deadLetters.reason'),
      width: 'minmax(170px, 2fr)',
      cell: (row) => (
        <span className="cut" title={row.reason}>
          {row.reason}
        </span>
      ),
    },
    {
      id: 'attempts',
      header: t('deadLetters.attempts'),
      width: '56px',
      numeric: true,
      dropAt: 1,
      cell: (row) => row.attempts,
    },
    {
      id: 'affected',
      header: t('deadLetters.affected'),
      width: '110px',
      cell: (row) =>
        row.operationId && (
          <Link to="/operations/$id" params={{ id: row.operationId }} className="mono">
            {row.operationId.slice(0, 8)}
          </Link>
        ),
    },
    { id: 'became', header: t('deadLetters.became'), width: '110px', cell: (row) => <Became letter={row} /> },
  ];
}

/** What became of a dead letter. */
export function Became({ letter }: { letter: Pick<DeadLetter, 'resolution'> }) {
  const t = useT();
  if (letter.resolution === null) return <Mark tone="warn">{t('deadLetters.state.open')}</Mark>;
  return <Mark tone={letter.resolution === 'replayed' ? 'ok' : 'off'}>{t(`deadLetters.${letter.resolution}`)}</Mark>;
}

/** Messages that services could not work on, of all of them in one list. */
export function DeadLettersPage() {
  const t = useT();
  const filter: DeadLettersFilter = useSearch({ from: '/inside/admin/dead-letters' });
  const navigate = useNavigate();
  useTitle(t('menu.deadLetters'));
  const query = useInfiniteQuery(deadLettersQuery(filter));
  const columns = useMemo(() => columnsOf(t), [t]);
  const set = (part: { [Name in keyof DeadLettersFilter]?: DeadLettersFilter[Name] | undefined }) =>
    void navigate({ to: '/admin/dead-letters', search: { ...filter, ...part }, replace: true });
  const isFiltered = filter.text !== undefined || filter.owner !== undefined || filter.state !== undefined;
  return (
    <div className="page-fill">
      <header className="page-head">
        <h1>{t('menu.deadLetters')}</h1>
        <Segmented
          aria-label={t('deadLetters.became')}
          value={filter.state ?? 'open'}
          options={(['open', 'resolved', 'all'] as const).map((value) => ({
            value,
            label: t(`deadLetters.state.${value}`),
          }))}
          onChange={(state) => set({ state: state === 'open' ? undefined : state })}
        />
        <Select
          aria-label={t('deadLetters.owner')}
          style={{ width: 150 }}
          value={filter.owner ?? ''}
          options={[
            { value: '' as const, label: t('deadLetters.anyOwner') },
            ...DeadLetterOwner.options.map((owner) => ({ value: owner, label: owner })),
          ]}
          onChange={(owner) => set({ owner: DeadLetterOwner.options.find((known) => known === owner) })}
        />
        <Input.Search
          data-search
          allowClear
          style={{ width: 240 }}
          defaultValue={filter.text ?? ''}
          placeholder={t('deadLetters.search')}
          aria-label={t('deadLetters.search')}
          onSearch={(text) => set({ text: text || undefined })}
        />
      </header>
      <Loaded query={query} rows={10}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          const sources = data.pages[0]?.sources ?? [];
          return (
            <>
              <Away sources={sources} />
              {rows.length === 0 ? (
                <Empty
                  title={t(isFiltered ? 'deadLetters.noneFound' : 'deadLetters.none')}
                  text={t(isFiltered ? 'deadLetters.intro' : 'deadLetters.noneText')}
                />
              ) : (
                <Grid
                  rows={rows}
                  columns={columns}
                  rowKey={(row) => `${row.owner}/${row.id}`}
                  rowTestId={(row) => `dead-letter-${row.owner}-${row.id}`}
                  label={t('menu.deadLetters')}
                  onOpen={(row) =>
                    void navigate({
                      to: '/admin/dead-letters/$owner/$id',
                      params: { owner: row.owner, id: String(row.id) },
                    })
                  }
                  onEnd={() => {
                    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
                  }}
                />
              )}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Away({ sources }: { sources: readonly DeadLetterSource[] }) {
  const t = useT();
  const away = sources.filter(({ state }) => state === 'away');
  if (away.length === 0) return null;
  return (
    <p className="note note-warn" role="status">
      {away.map(({ owner }) => t('deadLetters.away', { owner })).join(' · ')}
    </p>
  );
}
