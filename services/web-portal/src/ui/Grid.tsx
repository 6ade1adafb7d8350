import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useT } from '../i18n/index.js';

export interface GridColumn<Row> {
  readonly id: string;
  readonly header: string;
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

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });

/** A table of many rows: only those in view are drawn. Arrow keys or j/k walk, Enter opens. */
export function Grid<Row extends object>(props: Props<Row>) {
  const { rows, columns: all, rowKey, label, rowTestId, onOpen, onEnd, rowHeight = 32 } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const { shown: columns, minWidth } = useMemo(() => fitting(all, width), [all, width]);
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
  const table = useTable({ features, columns: definitions, data, getRowId: rowKey });
  const shown = table.getRowModel().rows;
  // eslint-disable-next-line react-hooks/incompatible-library -- a remark for React Compiler, which is not used
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    getItemKey: (index) => shown[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
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
                columns[index]?.header
              )}
            </span>
          );
        })}
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth }}>
        {items.map((item) => {
          const row = shown[item.index]?.original;
          if (!row) return null;
          return (
            <GridRow
              key={item.key}
              row={row}
              index={item.index}
              top={item.start}
              height={rowHeight}
              template={template}
              columns={columns}
              testId={rowTestId?.(row)}
              onOpen={onOpen}
              walk={walk}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly template: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly testId: string | undefined;
  readonly onOpen: ((row: Row) => void) | undefined;
  readonly walk: (index: number, step: number) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

function PlainRow<Row>({ row, index, top, height, template, columns, testId, onOpen, walk }: RowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-testid={testId}
      className={onOpen ? 'grid-row opens' : 'grid-row'}
      tabIndex={onOpen ? 0 : undefined}
      style={{ gridTemplateColumns: template, height, transform: `translateY(${top}px)` }}
      onClick={(event) => {
        if (onOpen && !(event.target as HTMLElement).closest('a,button,input,label')) onOpen(row);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter') onOpen?.(row);
        const step = steps[event.key];
        if (step === undefined) return;
        event.preventDefault();
        walk(index, step);
      }}
    >
      {columns.map((column) => (
        <span key={column.id} role="cell" className={column.numeric ? 'grid-cell numeric' : 'grid-cell'}>
          {column.cell(row)}
        </span>
      ))}
    </div>
  );
}

/** Scrolling draws only the rows that come into view. */
const GridRow = memo(PlainRow) as typeof PlainRow;
