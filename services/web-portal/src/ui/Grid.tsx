import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { useT } from '../i18n/index.js';
import { useSteady } from './useSteady.js';
import { GridRow } from './GridRow.js';
import { usePaced } from './paced.js';
import { Waiting } from './Waiting.js';

export interface GridColumn<Row> {
  readonly id: string;
  readonly header: string;
  /** In place of the words, e.g. a box that marks all. */
  readonly headerCell?: ReactNode;
  /** CSS grid track, e.g. `120px` or `minmax(160px, 2fr)`. */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  /** Sorting is offered when this is given. */
  readonly sortBy?: (row: Row) => string | number;
  readonly numeric?: boolean;
  /** Left out first where there is not room for all; 1 goes before 2. Without it a column always stays. */
  readonly dropAt?: number;
}

interface Props<Row extends object> {
  readonly rows: readonly Row[];
  readonly columns: readonly GridColumn<Row>[];
  readonly rowKey: (row: Row) => string;
  readonly label: string;
  readonly rowTestId?: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  readonly onEnd?: () => void;
  readonly rowHeight?: number;
  /** Rows of one group stand together under its title; groups in the order of their keys. */
  readonly groupOf?: ((row: Row) => GridGroup) | undefined;
  /** Another value begins another list: its rows are not held for the one before. */
  readonly resetKey?: string;
  /** `x` on a row; with shift up to this row. */
  readonly onMark?: (row: Row, reach: boolean) => void;
  /** The order, where the owner of the grid keeps it. */
  readonly sort?: GridSort | null;
  readonly onSort?: (sort: GridSort | null) => void;
  /** Columns that somebody chose are all shown, however little room there is. */
  readonly keepAll?: boolean;
  /** Told of the rows in the order in which they are shown. */
  readonly onShown?: (rows: readonly Row[]) => void;
}

export interface GridGroup {
  /** Groups are sorted by it. */
  readonly key: string;
  readonly title: ReactNode;
}

/** A line of the grid: the title of a group, or a row. */
type Line<Row> =
  | { readonly id: string; readonly group: GridGroup; readonly count: number }
  | { readonly id: string; readonly group: null; readonly row: Row };

function linesOf<Row>(
  rows: readonly { readonly id: string; readonly original: Row }[],
  groupOf: ((row: Row) => GridGroup) | undefined,
): Line<Row>[] {
  const line = ({ id, original }: (typeof rows)[number]) => ({ id, group: null, row: original });
  if (!groupOf) return rows.map(line);
  const groups = new Map<string, { group: GridGroup; lines: Line<Row>[] }>();
  for (const row of rows) {
    const group = groupOf(row.original);
    const found = groups.get(group.key) ?? { group, lines: [] };
    found.lines.push(line(row));
    groups.set(group.key, found);
  }
  return [...groups.values()]
    .sort((a, b) => (a.group.key < b.group.key ? -1 : 1))
    .flatMap(({ group, lines }) => [{ id: `group ${group.key}`, group, count: lines.length }, ...lines]);
}

const gapPx = 10;
const sidesPx = 24;
const leastPx = (column: { width: string }) => Number(/(\d+)px/.exec(column.width)?.[1] ?? 0);

/** The columns that fit, and the least width they need together. */
function fitting<Row>(columns: readonly GridColumn<Row>[], widthPx: number) {
  let shown = [...columns];
  const need = () => shown.reduce((sum, column) => sum + leastPx(column) + gapPx, sidesPx - gapPx);
  const drops = [...new Set(columns.flatMap((column) => column.dropAt ?? []))].sort((a, b) => a - b);
  for (const drop of drops) {
    if (widthPx === 0 || need() <= widthPx) break;
    shown = shown.filter((column) => column.dropAt !== drop);
  }
  return { shown, minWidth: need() };
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** A column and its direction. */
export interface GridSort {
  readonly id: string;
  readonly desc: boolean;
}

const idOf = (row: { readonly id: string }) => row.id;
/** Grids whose owner does not keep the order keep it themselves. */
function useSort<Row extends object>({ sort, onSort }: Pick<Props<Row>, 'sort' | 'onSort'>) {
  const [own, setOwn] = useState<GridSort | null>(null);
  return onSort ? ([sort ?? null, onSort] as const) : ([own, setOwn] as const);
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });

/** A table of many rows: only those in view are drawn. Arrow keys or j/k walk, Enter opens. */
export function Grid<Row extends object>(props: Props<Row>) {
  const {
    rows,
    columns: all,
    rowKey,
    label,
    rowTestId,
    onOpen,
    onEnd,
    rowHeight = 32,
    groupOf,
    onMark,
    resetKey = '',
    keepAll = false,
    onShown,
  } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const { shown: columns, minWidth } = useMemo(() => fitting(all, keepAll ? 0 : width), [all, keepAll, width]);
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, Row>();
    return columns.map((column) =>
      helper.accessor((row): unknown => column.sortBy?.(row) ?? '', {
        id: column.id,
        header: column.header,
        enableSorting: column.sortBy !== undefined,
        sortFn: 'auto',
      }),
    );
  }, [columns]);
  const data = rows as Row[];
  const [sort, setSort] = useSort(props);
  // The same array as long as it says the same: another one sorts all rows anew.
  const state = useMemo(() => ({ sorting: sort ? [{ id: sort.id, desc: sort.desc }] : [] }), [sort]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    state,
    onSortingChange: (update) => {
      const next = typeof update === 'function' ? update(sort ? [{ ...sort }] : []) : update;
      setSort(next[0] ?? null);
    },
  });
  const ordered = table.getRowModel().rows;
  const steady = useSteady(ordered, idOf, `${resetKey} ${sort?.id} ${sort?.desc}`);
  const shown = useMemo(() => linesOf(steady.rows, groupOf), [steady.rows, groupOf]);
  useEffect(() => onShown?.(shown.flatMap((line) => (line.group ? [] : [line.row]))), [onShown, shown]);
  // One function as long as the rows are the same: another one makes the virtualizer measure every row again.
  const keyAt = useCallback((index: number) => shown[index]?.id ?? index, [shown]);
  // eslint-disable-next-line react-hooks/incompatible-library -- a remark for React Compiler, which is not used
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 3,
    getItemKey: keyAt,
  });
  const items = virtual.getVirtualItems();
  const drawn = usePaced(items);
  const last = items.at(-1)?.index ?? 0;
  if (onEnd && shown.length > 0 && last >= shown.length - 20) queueMicrotask(onEnd);
  const template = columns.map((column) => column.width).join(' ');

  const count = shown.length;
  const walk = useCallback(
    (index: number, step: number) => {
      const next = Math.min(count - 1, Math.max(0, index + step));
      virtual.scrollToIndex(next);
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
    },
    [count, virtual],
  );

  return (
    <div className="steady" {...steady.holding}>
      <Waiting count={steady.waiting} onTake={steady.take} />
      <div className="grid" role="table" aria-label={label} aria-rowcount={shown.length + 1} ref={scroller}>
        <div className="grid-head" role="row" style={{ gridTemplateColumns: template, minWidth }}>
          {table.getFlatHeaders().map((header, index) => {
            const direction = header.column.getIsSorted();
            const sorted = direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none';
            const className = columns[index]?.numeric ? 'grid-cell numeric' : 'grid-cell';
            return (
              <span key={header.id} role="columnheader" className={className} aria-sort={sorted}>
                {header.column.getCanSort() ? (
                  <button type="button" onClick={header.column.getToggleSortingHandler()} title={t('common.sort')}>
                    {String(columns[index]?.header)}
                    <i aria-hidden="true">{direction === 'asc' ? '↑' : direction === 'desc' ? '↓' : ''}</i>
                  </button>
                ) : (
                  (columns[index]?.headerCell ?? columns[index]?.header)
                )}
              </span>
            );
          })}
        </div>
        <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth }}>
          {drawn.map((item) => {
            const line = shown[item.index];
            if (!line) return null;
            if (line.group)
              return (
                <div
                  key={item.key}
                  role="row"
                  className="grid-group"
                  style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
                >
                  <span role="cell">
                    {line.group.title} <span className="faint num">{line.count}</span>
                  </span>
                </div>
              );
            const { row } = line;
            return (
              <GridRow
                key={item.key}
                row={row}
                index={item.index}
                top={item.start}
                height={rowHeight}
                gone={steady.gone.has(line.id)}
                template={template}
                columns={columns}
                testId={rowTestId?.(row)}
                onOpen={onOpen}
                onMark={onMark}
                walk={walk}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
