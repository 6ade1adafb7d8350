import type { ServiceListItem } from '@berth/api';
import { useT, type Translate } from '../../i18n/index.js';
import type { GridColumn } from '../../ui/Grid.js';
import { EnvironmentTag, ServiceMark } from '../../ui/Mark.js';
import { QuickLink } from '../../ui/QuickLink.js';
import { Ago } from '../../ui/Time.js';
import { causeText } from '../../ui/cause.js';
import { imageVersion, sizeText } from '../../ui/words.js';
import { SilentFor } from '../../ui/SilentFor.js';
import { ClusterChips } from './ClusterChips.js';
import { rowKey, useAllMarked, useMarked, type Selection } from './selection.js';

const stateOrder = [
  'down',
  'deploy_failed',
  'degraded',
  'unknown',
  'deploying',
  'changing',
  'deleting',
  'running',
  'stopped',
  'undeployed',
];

interface Names {
  readonly projectName: (slug: string) => string;
  readonly clusterName: (code: string) => string;
  readonly selection: Selection;
  /** What the list has now, for the box that marks all. */
  readonly rows: readonly ServiceListItem[];
}

/** Columns that a reader may leave out. */
export const optionalColumns = ['project', 'clusters', 'size', 'restarts', 'lastChange', 'owner'] as const;

/** Columns of the services list, PORTAL §4 in its order. */
export function serviceColumns(
  t: Translate,
  { projectName, clusterName, selection, rows }: Names,
): GridColumn<ServiceListItem>[] {
  return [
    {
      id: 'mark',
      header: '',
      headerCell: <AllCheck selection={selection} rows={rows} label={t('bulk.markAll')} />,
      width: '20px',
      cell: (row) => <RowCheck selection={selection} row={row} label={t('bulk.mark', { code: row.code })} />,
    },
    {
      id: 'state',
      header: t('services.state'),
      width: 'minmax(112px, 1fr)',
      sortBy: (row) => stateOrder.indexOf(row.state),
      cell: (row) => (
        <span className="state-cell">
          <ServiceMark state={row.state} />
          {row.state === 'unknown' && <SilentFor clusters={row.clusters} />}
          {(row.cause ?? row.reason) && <span className="faint cut"> {causeText(t, row, clusterName)}</span>}
        </span>
      ),
    },
    {
      id: 'code',
      header: t('services.service'),
      width: 'minmax(132px, 1.8fr)',
      sortBy: (row) => row.code,
      cell: (row) => <ServiceName row={row} />,
    },
    {
      id: 'project',
      header: t('scope.project'),
      width: 'minmax(72px, 0.8fr)',
      sortBy: (row) => row.project,
      cell: (row) => projectName(row.project),
    },
    {
      id: 'environment',
      header: t('scope.environment'),
      width: t.language === 'en' ? '88px' : '48px',
      sortBy: (row) => row.environment,
      cell: (row) => row.environment && <EnvironmentTag environment={row.environment} />,
    },
    {
      id: 'ready',
      header: t('services.ready'),
      width: '44px',
      numeric: true,
      sortBy: (row) => row.ready - row.desired,
      cell: (row) => (row.uid ? <Ready ready={row.ready} desired={row.desired} /> : <span className="faint">–</span>),
    },
    {
      id: 'image',
      header: t('services.image'),
      width: 'minmax(92px, 1fr)',
      sortBy: (row) => row.image ?? '',
      cell: (row) =>
        row.image && (
          <span title={row.image}>
            <span className="mono">{imageVersion(row.image)}</span> <span className="faint num">#{row.release}</span>
          </span>
        ),
    },
    {
      id: 'clusters',
      header: t('services.clusters'),
      width: 'minmax(164px, 1.2fr)',
      cell: (row) => <ClusterChips clusters={row.clusters} nameOf={clusterName} />,
    },
    {
      id: 'size',
      header: t('services.size'),
      width: '76px',
      dropAt: 2,
      sortBy: (row) => row.size?.memoryMiB ?? 0,
      cell: (row) => row.size && sizeText(t, row.size),
    },
    {
      id: 'restarts',
      header: t('services.restarts'),
      width: '56px',
      dropAt: 3,
      numeric: true,
      sortBy: (row) => row.restartsLastHour,
      cell: (row) =>
        row.uid === null ? null : row.restartsLastHour > 0 ? (
          <b className="mark-warn">{row.restartsLastHour}</b>
        ) : (
          <span className="faint">0</span>
        ),
    },
    {
      id: 'lastChange',
      header: t('services.lastChange'),
      width: 'minmax(104px, 1.3fr)',
      sortBy: (row) => (row.lastChange ? -Date.parse(row.lastChange.at) : 0),
      cell: (row) =>
        row.lastChange && (
          <QuickLink href={`/operations/${row.lastChange.operationId}`} className="quiet">
            {t.say(`operationKind.${row.lastChange.kind}`, undefined, row.lastChange.kind)} ·{' '}
            {row.lastChange.actor.name} · <Ago at={row.lastChange.at} />
          </QuickLink>
        ),
    },
    {
      id: 'owner',
      header: t('services.owner'),
      width: '52px',
      dropAt: 1,
      sortBy: (row) => row.owner ?? '',
      cell: (row) => row.owner,
    },
  ];
}

function RowCheck({ selection, row, label }: { selection: Selection; row: ServiceListItem; label: string }) {
  const key = rowKey(row);
  return (
    <label className="row-check">
      <input
        type="checkbox"
        aria-label={label}
        checked={useMarked(selection, key)}
        onChange={() => undefined}
        onClick={(event) => (event.shiftKey ? selection.reach(row) : selection.toggle(row))}
      />
    </label>
  );
}

/** Marks every row of the list, or none of them. */
function AllCheck({ selection, rows, label }: { selection: Selection; rows: Names['rows']; label: string }) {
  const marked = useAllMarked(selection);
  const some = rows.filter((row) => marked.has(rowKey(row))).length;
  const all = some > 0 && some === rows.length;
  return (
    <label className="row-check">
      <input
        type="checkbox"
        aria-label={label}
        title={label}
        data-testid="mark-all"
        checked={all}
        ref={(box) => {
          if (box) box.indeterminate = some > 0 && !all;
        }}
        onChange={() => (all ? selection.unmarkAll(rows) : selection.markAll(rows))}
      />
    </label>
  );
}

function ServiceName({ row }: { row: ServiceListItem }) {
  const base = `/p/${row.project}/${row.environment || 'all'}`;
  const href = row.uid ? `${base}/services/${row.code}/overview` : `${base}/deploy?code=${row.code}`;
  return (
    <QuickLink href={href}>
      <b>{row.code}</b> <Unregistered row={row} /> <span className="soft">{row.name}</span>
    </QuickLink>
  );
}

/** Deployed without an entry of the CMDB (未登记). */
function Unregistered({ row }: { row: ServiceListItem }) {
  const t = useT();
  if (!row.unregistered) return null;
  return (
    <span className="tag" title={t('services.unregisteredText')}>
      {t('services.unregistered')}
    </span>
  );
}

function Ready({ ready, desired }: { ready: number; desired: number }) {
  return <span className={ready < desired ? 'mark-warn' : undefined}>{`${ready}/${desired}`}</span>;
}
