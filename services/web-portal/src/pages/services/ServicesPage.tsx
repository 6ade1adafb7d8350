import { PlusOutlined } from '@ant-design/icons';
import type { ServiceListItem } from '@berth/api';
import { ServiceState } from '@berth/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { projectsQuery, servicesQuery, sessionQuery } from '../../api/queries.js';
import { mineFilter } from '../../app/mine.js';
import { scopeFilter } from '../../app/scope.js';
import { useMayAnywhere } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Grid, type GridGroup } from '../../ui/Grid.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { useTitle } from '../../ui/useTitle.js';
import { BulkBar } from './BulkBar.js';
import { ColumnChoice, useChosenColumns } from './ColumnChoice.js';
import { serviceColumns } from './columns.js';
import { rowKey, Selection } from './selection.js';
import { StateCounts } from './StateCounts.js';
import { sortOf, sortText, viewOf, viewText } from './view.js';
import { Views } from './Views.js';
import './services.css';

const from = '/inside/p/$project/$env/services';

export function ServicesPage() {
  const t = useT();
  const scope = useParams({ from });
  const search = useSearch({ from });
  const navigate = useNavigate();
  const may = useMayAnywhere();
  useTitle(t('menu.services'));
  const states = (search.state ?? '').split(',').flatMap((name) => ServiceState.safeParse(name).data ?? []);
  const state = states.join(',');
  // The box has what is typed at once; the address follows.
  const [text, setText] = useState(search.q ?? '');
  const needle = useDeferredValue(text.trim());
  const { data: me } = useQuery(sessionQuery);
  const query = useInfiniteQuery(
    servicesQuery({
      ...scopeFilter(scope),
      ...(search.who && me && mineFilter(me)),
      ...(state && { state }),
      ...(needle && { search: needle }),
    }),
  );
  const [selection] = useState(() => new Selection());
  useEffect(() => {
    const { project, environment } = scopeFilter(scope);
    selection.within(
      (row) => (!project || row.project === project) && (!environment || row.environment === environment),
    );
  }, [scope, selection]);
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = query;
  useEffect(() => {
    // The whole list, page after page: sorting and grouping are about all rows, not about those that were scrolled to.
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const first = query.data?.pages[0];
  const all = useServiceColumns(scope, selection, rows);
  const { columns, chosen } = useChosenColumns(all);
  const sort = useMemo(() => sortOf(search.sort), [search.sort]);
  const setSearch = useCallback(
    (change: Partial<typeof search>) =>
      void navigate({
        to: '/p/$project/$env/services',
        params: scope,
        search: (before) => ({ ...before, ...change }),
        replace: true,
      }),
    [navigate, scope],
  );
  const open = useCallback((row: ServiceListItem) => void navigate(placeOf(row)), [navigate]);
  const mark = useCallback(
    (row: ServiceListItem, reach: boolean) => (reach ? selection.reach(row) : selection.toggle(row)),
    [selection],
  );
  const onShown = useCallback((shown: readonly ServiceListItem[]) => selection.order(shown), [selection]);
  return (
    <div className="page-fill">
      <header className="page-head">
        <h1>{t('menu.services')}</h1>
        <span className="grow" />
        {first && (
          <span className="faint">
            {t('services.asOf')} <Ago at={first.dataAsOf} />
          </span>
        )}
        {may('service.deploy') && (
          <Link
            className="primary-link"
            to="/p/$project/$env/deploy"
            params={scope}
            search={{}}
            data-testid="deploy-open"
          >
            <PlusOutlined /> {t('deploy.title')}
          </Link>
        )}
      </header>
      <div className="row list-tools">
        <input
          className="text-input"
          type="search"
          data-search
          data-testid="services-search"
          value={text}
          placeholder={`${t('services.search')}  /`}
          aria-label={t('services.search')}
          onChange={(event) => {
            setText(event.target.value);
            setSearch({ q: event.target.value || undefined });
          }}
        />
        <button
          type="button"
          className="chip"
          aria-pressed={search.who === 'mine'}
          title={t('services.mineHint')}
          data-testid="services-mine"
          onClick={() => setSearch({ who: search.who ? undefined : 'mine' })}
        >
          {t('now.mine')}
        </button>
        <StateCounts
          counts={first?.counts ?? {}}
          chosen={states.length === 1 ? states[0] : undefined}
          onPick={(next) => setSearch({ state: next })}
        />
        <span className="grow" />
        <select
          className="text-input"
          aria-label={t('services.group')}
          data-testid="services-group"
          value={search.group ?? ''}
          onChange={(event) => setSearch({ group: groupNames.find((name) => name === event.target.value) })}
        >
          <option value="">{t('services.groupNone')}</option>
          {groupNames.map((name) => (
            <option key={name} value={name}>
              {t(`services.group.${name}`)}
            </option>
          ))}
        </select>
        <ColumnChoice columns={all} />
        <Views
          query={viewText(scope, { ...search, state: state || undefined })}
          isPlain={!state && !search.q && !search.group && !search.sort && !search.who}
          onPick={(text) => {
            const view = viewOf(text);
            setText(view.search.q ?? '');
            void navigate({ to: '/p/$project/$env/services', params: view.scope ?? scope, search: view.search });
          }}
        />
      </div>
      <Loaded query={query} rows={12}>
        {() =>
          rows.length === 0 ? (
            <NoServices scope={scope} filtered={Boolean(state || needle)} />
          ) : (
            <Grid
              rows={rows}
              resetKey={JSON.stringify([scope, state, needle, search.who])}
              columns={columns}
              rowKey={rowKey}
              label={t('menu.services')}
              rowTestId={testIdOf}
              groupOf={search.group ? groupers[search.group] : undefined}
              keepAll={chosen !== null}
              sort={sort}
              onSort={(next) => setSearch({ sort: sortText(next) })}
              onShown={onShown}
              onMark={mark}
              onOpen={open}
            />
          )
        }
      </Loaded>
      <BulkBar selection={selection} rows={rows} />
    </div>
  );
}

const environmentOrder = ['prod', 'staging', 'test', 'dev'];
const testIdOf = (row: ServiceListItem) => `service-row-${rowKey(row)}`;
const groupNames = ['environment', 'project', 'service'] as const;
const groupers: Record<(typeof groupNames)[number], (row: ServiceListItem) => GridGroup> = {
  environment: ({ environment }) => ({
    key: String(environmentOrder.indexOf(environment) + 1 || 9),
    title: environment ? <EnvironmentTag environment={environment} /> : '–',
  }),
  project: ({ project }) => ({ key: project, title: <b>{project}</b> }),
  service: ({ project, code, name }) => ({
    key: `${code} ${project}`,
    title: (
      <>
        <b>{code}</b> {name} <small>{project}</small>
      </>
    ),
  }),
};

/** Where a row leads: to its service, or to its first deploy. */
function placeOf(row: ServiceListItem) {
  const params = { project: row.project, env: row.environment || 'all' };
  return row.uid
    ? {
        to: '/p/$project/$env/services/$code/$tab' as const,
        params: { ...params, code: row.code, tab: 'overview' },
        search: {},
      }
    : { to: '/p/$project/$env/deploy' as const, params, search: { code: row.code } };
}

function useServiceColumns(
  scope: { project: string; env: string },
  selection: Selection,
  rows: readonly ServiceListItem[],
) {
  const t = useT();
  const clusterName = useClusterNames();
  const { data: projects } = useQuery(projectsQuery);
  return useMemo(() => {
    const names = new Map(projects?.items.map((project) => [project.slug, project.name]));
    // What the scope says already needs no column.
    const said = [scope.project !== 'all' && 'project', scope.env !== 'all' && 'environment'];
    const projectName = (slug: string) => names.get(slug) ?? slug;
    return serviceColumns(t, { projectName, clusterName, selection, rows }).filter(
      (column) => !said.includes(column.id),
    );
  }, [t, projects, clusterName, selection, rows, scope.project, scope.env]);
}

function NoServices({ scope, filtered }: { scope: { project: string; env: string }; filtered: boolean }) {
  const t = useT();
  if (filtered) return <Empty title={t('services.noneFound')} text={t('services.noneFoundText')} />;
  return (
    <Empty
      title={t('services.none')}
      text={t('services.noneText')}
      action={
        <Link className="primary-link" to="/p/$project/$env/deploy" params={scope} search={{}}>
          {t('deploy.title')}
        </Link>
      }
      line="curl -X POST …/api/v1/projects/{project}/environments/test/services"
    />
  );
}
