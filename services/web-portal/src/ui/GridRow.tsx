import { memo } from 'react';
import { useT } from '../i18n/index.js';
import type { GridColumn } from './Grid.js';

interface RowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  /** No longer in the list: it keeps its place and does nothing. */
  readonly gone: boolean;
  readonly template: string;
  readonly columns: readonly GridColumn<Row>[];
  readonly testId: string | undefined;
  readonly onOpen: ((row: Row) => void) | undefined;
  readonly onMark: ((row: Row, reach: boolean) => void) | undefined;
  readonly walk: (index: number, step: number) => void;
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

function PlainRow<Row>(props: RowProps<Row>) {
  const { row, index, top, height, gone, template, columns, testId, onOpen, onMark, walk } = props;
  const t = useT();
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-testid={testId}
      className={`grid-row${onOpen && !gone ? ' opens' : ''}${gone ? ' gone' : ''}`}
      title={gone ? t('common.gone') : undefined}
      aria-disabled={gone || undefined}
      tabIndex={onOpen ? 0 : undefined}
      style={{ gridTemplateColumns: template, height, transform: `translateY(${top}px)` }}
      onClick={(event) => {
        if (onOpen && !gone && !(event.target as HTMLElement).closest('a,button,input,label')) onOpen(row);
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === 'Enter' && !gone) onOpen?.(row);
        if (event.key === 'x' || event.key === 'X') onMark?.(row, event.shiftKey);
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
export const GridRow = memo(PlainRow) as typeof PlainRow;
