import type { Operation } from '@berth/api';
import { ServiceKey, parseServiceKey } from '@berth/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { operationsQuery, sessionQuery, type OperationsFilter } from '../../api/queries.js';
import { scopeFilter } from '../../app/scope.js';
import { useT, type Translate } from '../../i18n/index.js';
import { Grid, type GridColumn } from '../../ui/Grid.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag, OperationMark } from '../../ui/Mark.js';
import { effectText } from '../../ui/effect.js';
import { Ago, Lasting, useNow } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { startOfDay } from '../now/workbench.js';
import { OperationFilters } from './OperationFilters.js';
import type { OperationsSearch } from './search.js';

const from = '/inside/p/$project/$env/operations';

function columnsOf(t: Translate, onActor: (id: string) => void): GridColumn<Operation>[] {
  const place = (row: Operation) => (ServiceKey.safeParse(row.target).success ? parseServiceKey(row.target) : null);
  return [
    { id: 'state', header: t('services.state'), width: '100px', cell: (row) => <OperationMark state={row.state} /> },
    {
      id: 'what',
      header: t('operations.what'),
      width: 'minmax(170px, 1.6fr)',
      cell: (row) => (
        <Link to="/operations/$id" params={{ id: row.id }}>
          {t(`operationTitle.${row.kind}`, { target: place(row)?.service ?? row.target })}
        </Link>
      ),
    },
    {
      id: 'effect',
      header: t('operations.effect'),
      width: 'minmax(150px, 1.2fr)',
      dropAt: 2,
      cell: (row) => <span className="soft num">{effectText(t, row)}</span>,
    },
    {
      id: 'project',
      header: t('scope.project'),
      width: 'minmax(80px, 0.7fr)',
      dropAt: 1,
      cell: (row) => place(row)?.project ?? <span className="faint">–</span>,
    },
    {
      id: 'environment',
      header: t('scope.environment'),
      width: t.language === 'en' ? '88px' : '58px',
      cell: (row) => {
        const at = place(row);
        return at && <EnvironmentTag environment={at.environment} />;
      },
    },
    {
      id: 'actor',
      header: t('operations.actor'),
      width: '90px',
      cell: (row) => (
        <button
          type="button"
          className="link quiet"
          title={t('operations.onlyActor', { name: row.actor.name })}
          onClick={() => onActor(row.actor.id)}
        >
          {row.actor.name}
        </button>
      ),
    },
    {
      id: 'cause',
      header: t('deploy.cause'),
      width: 'minmax(104px, 1fr)',
      cell: (row) => <span className="soft">{row.cause}</span>,
    },
    {
      id: 'problem',
      header: t('operations.problem'),
      width: 'minmax(104px, 1fr)',
      cell: (row) =>
        row.problem && (
          <span className="mark-bad">
            {t.say(`problem.${row.problem.code}.title`, row.problem.params, row.problem.title)}
          </span>
        ),
    },
    {
      id: 'lasted',
      header: t('operations.lasted'),
      width: '84px',
      numeric: true,
      cell: (row) => <Lasting from={row.acceptedAt} to={row.endedAt} />,
    },
    { id: 'when', header: t('operations.when'), width: '110px', cell: (row) => <Ago at={row.acceptedAt} /> },
  ];
}

export function OperationsPage() {
  const t = useT();
  const scope = useParams({ from });
  const search = useSearch({ from });
  const navigate = useNavigate();
  useTitle(t('menu.operations'));
  const filter = useFilter(search);
  const query = useInfiniteQuery(operationsQuery({ ...scopeFilter(scope), ...filter }));
  const set = useCallback(
    (change: Partial<OperationsSearch>) =>
      void navigate({
        to: '/p/$project/$env/operations',
        params: scope,
        search: { ...search, ...change },
        replace: true,
      }),
    [navigate, scope, search],
  );
  const columns = useMemo(() => columnsOf(t, (actor) => set({ actor })), [t, set]);
  const isFiltered = Object.values(search).some((value) => value !== undefined);
  return (
    <div className="page-fill">
      <header className="page-head">
        <h1>{t('menu.operations')}</h1>
      </header>
      <OperationFilters search={search} onSet={set} />
      <Loaded query={query} rows={12}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          if (rows.length === 0)
            return (
              <Empty
                title={t(isFiltered ? 'operations.noneFound' : 'operations.none')}
                text={t(isFiltered ? 'operations.noneFoundText' : 'operations.noneText')}
              />
            );
          return (
            <Grid
              rows={rows}
              columns={columns}
              rowKey={(row) => row.id}
              resetKey={JSON.stringify([scope, filter])}
              label={t('menu.operations')}
              rowTestId={(row) => `operation-row-${row.id}`}
              onOpen={(row) => void navigate({ to: '/operations/$id', params: { id: row.id } })}
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

/** The address as the filter of the API. */
function useFilter({ state, kind, actor, q, hours, ended }: OperationsSearch): OperationsFilter {
  const { data: me } = useQuery(sessionQuery);
  const hour = Math.floor(useNow(600_000) / 600_000) * 600_000;
  const from = actor === 'me' ? me?.id : actor;
  const needle = useDeferredValue(q?.trim());
  return {
    ...(state && { state }),
    ...(kind && { kind }),
    ...(from && { actor: from }),
    ...(needle && { search: needle }),
    ...(hours && { since: new Date(hour - hours * 3_600_000).toISOString() }),
    ...(ended && { endedSince: startOfDay(new Date(hour)).toISOString() }),
  };
}
