import { PlusOutlined } from '@ant-design/icons';
import type { ServiceListItem } from '@berth/api';
import { ServiceState, serviceStates } from '@berth/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useState } from 'react';
import { projectsQuery, servicesQuery } from '../../api/queries.js';
import { scopeFilter } from '../../app/scope.js';
import { useMayAnywhere } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Grid } from '../../ui/Grid.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Shape } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { toneOf } from '../../ui/tone.js';
import { rowKey, serviceColumns } from './columns.js';
import { steadyRows } from './steady.js';
import './services.css';

const from = '/inside/p/$project/$env/services';

export function ServicesPage() {
  const t = useT();
  const scope = useParams({ from });
  const search = useSearch({ from });
  const navigate = useNavigate();
  const may = useMayAnywhere();
  const state = ServiceState.safeParse(search.state).data;
  const [text, setText] = useState(search.q ?? '');
  const needle = useDeferredValue(text.trim());
  const query = useInfiniteQuery(
    servicesQuery({ ...scopeFilter(scope), ...(state && { state }), ...(needle && { search: needle }) }),
  );
  const { data: projects } = useQuery(projectsQuery);
  const columns = useMemo(() => {
    const names = new Map(projects?.items.map((project) => [project.slug, project.name]));
    // What the scope says already needs no column.
    const said = [scope.project !== 'all' && 'project', scope.env !== 'all' && 'environment'];
    return serviceColumns(t, (slug) => names.get(slug) ?? slug).filter((column) => !said.includes(column.id));
  }, [t, projects, scope.project, scope.env]);
  const first = query.data?.pages[0];
  const setSearch = (change: { state?: string | undefined; q?: string | undefined }) =>
    void navigate({ to: '/p/$project/$env/services', params: scope, search: { ...search, ...change }, replace: true });
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
        <StateCounts counts={first?.counts ?? {}} chosen={state} onPick={(next) => setSearch({ state: next })} />
      </div>
      <Loaded query={query} rows={12}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          if (rows.length === 0) return <NoServices scope={scope} filtered={Boolean(state || needle)} />;
          return (
            <SteadyGrid
              rows={rows}
              resetKey={JSON.stringify([scope, state, needle])}
              columns={columns}
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

interface SteadyProps {
  readonly rows: readonly ServiceListItem[];
  readonly columns: ReturnType<typeof serviceColumns>;
  readonly resetKey: string;
  readonly onEnd: () => void;
}

function SteadyGrid({ rows, columns, resetKey, onEnd }: SteadyProps) {
  const t = useT();
  const navigate = useNavigate();
  const [hover, setHover] = useState(false);
  const [shown, setShown] = useState<{ reset: string; keys: readonly string[] }>({ reset: resetKey, keys: [] });
  const { keys: next, waiting } = steadyRows(shown.reset === resetKey ? shown.keys : [], rows, rowKey, hover);
  const isSame =
    shown.reset === resetKey && shown.keys.length === next.length && next.every((key, i) => key === shown.keys[i]);
  if (!isSame) setShown({ reset: resetKey, keys: next });
  const keys = isSame ? shown.keys : next;
  const steady = useMemo(() => {
    const byKey = new Map(rows.map((row) => [rowKey(row), row]));
    return keys.flatMap((key) => byKey.get(key) ?? []);
  }, [rows, keys]);
  return (
    <div className="steady" onPointerEnter={() => setHover(true)} onPointerLeave={() => setHover(false)}>
      {waiting > 0 && (
        <button type="button" className="chip waiting" onClick={() => setHover(false)}>
          {t('services.waiting', { count: waiting })}
        </button>
      )}
      <Grid
        rows={steady}
        columns={columns}
        rowKey={rowKey}
        label={t('menu.services')}
        rowTestId={(row) => `service-row-${rowKey(row)}`}
        onEnd={onEnd}
        onOpen={(row) =>
          void (row.uid
            ? navigate({
                to: '/p/$project/$env/services/$code/$tab',
                params: { project: row.project, env: row.environment, code: row.code, tab: 'overview' },
                search: {},
              })
            : navigate({
                to: '/p/$project/$env/deploy',
                params: { project: row.project, env: row.environment || 'all' },
                search: { code: row.code },
              }))
        }
      />
    </div>
  );
}

interface CountsProps {
  readonly counts: Partial<Record<ServiceState, number>>;
  readonly chosen: ServiceState | undefined;
  readonly onPick: (state: ServiceState | undefined) => void;
}

function StateCounts({ counts, chosen, onPick }: CountsProps) {
  const t = useT();
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <div className="chips" role="group" aria-label={t('services.state')}>
      <button type="button" className="chip" aria-pressed={!chosen} onClick={() => onPick(undefined)}>
        {t('common.all')} <b>{total}</b>
      </button>
      {serviceStates
        .filter((state) => (counts[state] ?? 0) > 0 || state === chosen)
        .map((state) => (
          <button
            key={state}
            type="button"
            className="chip"
            aria-pressed={state === chosen}
            data-testid={`state-filter-${state}`}
            onClick={() => onPick(state === chosen ? undefined : state)}
          >
            <Shape tone={toneOf.service(state)} /> {t(`serviceState.${state}`)} <b>{counts[state] ?? 0}</b>
          </button>
        ))}
    </div>
  );
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
