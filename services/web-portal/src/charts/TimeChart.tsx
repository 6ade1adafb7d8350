import { useId, useRef, useState, type KeyboardEvent } from 'react';
import 'uplot/dist/uPlot.min.css';
import { useThemeName } from '../app/preferences.js';
import { useT } from '../i18n/index.js';
import { clockText } from '../ui/time.js';
import { summaryOf, type ChartMark, type Line } from './chart.js';
import './charts.css';
import { colourOf } from './palette.js';
import { useChart } from './useChart.js';

interface Props {
  readonly title: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  readonly sync: string;
  readonly marks?: readonly ChartMark[];
  readonly shape?: 'line' | 'step' | 'bars';
  readonly least?: number;
  readonly increments?: number[];
  readonly highlighted: string | null;
  readonly onHighlight: (id: string | null) => void;
  /** Said in place of lines when there are none. */
  readonly nothing?: string | null;
}

const noMarks: readonly ChartMark[] = [];
const timeAt = (times: readonly number[], index: number) =>
  clockText(new Date((times[index] ?? 0) * 1000).toISOString());

/**
 * Lines over time: shares its cross-hair with the charts of the same `sync`, reads with the arrow keys, and has the same
 * numbers as a table. Its room is the same with and without data.
 */
export function TimeChart(props: Props) {
  const { title, times, lines, format, highlighted, onHighlight, nothing } = props;
  const t = useT();
  const id = useId();
  const host = useRef<HTMLDivElement>(null);
  const [point, setPoint] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const chart = useChart(host, {
    times,
    lines,
    marks: props.marks ?? noMarks,
    format,
    sync: props.sync,
    shape: props.shape ?? 'line',
    least: props.least ?? 0.001,
    increments: props.increments,
    highlighted,
    onPoint: setPoint,
  });
  const onKey = (event: KeyboardEvent) => {
    const next = nextPoint(event.key, point, times.length);
    if (next === undefined || !chart.current) return;
    event.preventDefault();
    const left = next === null ? -10 : chart.current.valToPos(times[next] ?? 0, 'x');
    chart.current.setCursor({ left, top: 10 });
  };
  return (
    <figure className="time-chart" aria-labelledby={`${id}-title`} data-testid={`chart-${title}`}>
      <figcaption>
        <h2 id={`${id}-title`}>{title}</h2>
        <span className="num faint">{point === null ? '' : timeAt(times, point)}</span>
        <span className="chart-mark-at">{point === null ? '' : marksAt(props.marks ?? noMarks, times, point)}</span>
        <span className="grow" />
        <button type="button" className="link" aria-expanded={isTable} onClick={() => setTable(!isTable)}>
          {t(isTable ? 'metrics.asChart' : 'metrics.asTable')}
        </button>
      </figcaption>
      <div
        className="plot"
        role="img"
        tabIndex={0}
        aria-label={spoken(t, props)}
        aria-describedby={`${id}-point`}
        onKeyDown={onKey}
        hidden={isTable}
      >
        <div ref={host} />
        {nothing && <p className="plot-note">{nothing}</p>}
      </div>
      {isTable && <SummaryTable times={times} lines={lines} format={format} />}
      <p id={`${id}-point`} className="visually-hidden" aria-live="polite">
        {point === null ? '' : readout(times, lines, point, format)}
      </p>
      <Legend lines={lines} point={point} format={format} highlighted={highlighted} onHighlight={onHighlight} />
    </figure>
  );
}

/** What was done in the step that the cross-hair is in. */
function marksAt(marks: readonly ChartMark[], times: readonly number[], point: number): string {
  const at = times[point] ?? 0;
  const step = (times[1] ?? at + 1) - (times[0] ?? at);
  return marks
    .filter(({ atSeconds }) => Math.abs(atSeconds - at) <= step)
    .map(({ label }) => label)
    .join(' · ');
}

function nextPoint(key: string, point: number | null, count: number): number | null | undefined {
  const last = count - 1;
  if (key === 'ArrowLeft') return Math.max(0, (point ?? count) - 1);
  if (key === 'ArrowRight') return Math.min(last, (point ?? last) + 1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  return key === 'Escape' ? null : undefined;
}

function spoken(t: ReturnType<typeof useT>, { title, times, lines, format }: Props): string {
  const parts = lines
    .filter(({ kind }) => kind !== 'past')
    .slice(0, 6)
    .map(({ label, values }) => {
      const { last, highest, highestAt } = summaryOf(values);
      if (last === null || highest === null || highestAt === null) return t('metrics.spokenNothing', { label });
      return t('metrics.spoken', { label, last: format(last), highest: format(highest), at: timeAt(times, highestAt) });
    });
  return [title, ...parts].join(' ');
}

function readout(times: readonly number[], lines: readonly Line[], point: number, format: Props['format']): string {
  const values = lines.flatMap(({ label, values: row }) => {
    const value = row[point];
    return value === null || value === undefined ? [] : [`${label} ${format(value)}`];
  });
  return [timeAt(times, point), ...values].join(', ');
}

function Legend({
  lines,
  point,
  format,
  highlighted,
  onHighlight,
}: Pick<Props, 'lines' | 'format' | 'highlighted' | 'onHighlight'> & { point: number | null }) {
  const theme = useThemeName();
  const t = useT();
  return (
    <ul className="chart-legend" aria-label={t('metrics.legend')}>
      {lines.map((line) => {
        const value = point === null ? summaryOf(line.values).last : line.values[point];
        const text = value === null || value === undefined ? '–' : format(value);
        const colour = line.colour === null ? undefined : colourOf(theme, line.colour);
        return (
          <li key={line.id}>
            <button
              type="button"
              aria-pressed={highlighted === line.id}
              className={`${line.kind} ${highlighted !== null && highlighted !== line.id ? 'faded' : ''}`}
              onClick={() => onHighlight(highlighted === line.id ? null : line.id)}
              disabled={line.kind === 'limit'}
              title={line.label}
            >
              <i style={line.kind === 'limit' ? undefined : { background: colour }} aria-hidden="true" />
              <span className="name">{line.label}</span>
              <span className="num">{text}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function SummaryTable({ times, lines, format }: Pick<Props, 'times' | 'lines' | 'format'>) {
  const t = useT();
  const shown = (value: number | null) => (value === null ? '–' : format(value));
  return (
    <div className="plot scroll-x">
      <table className="plain flush">
        <thead>
          <tr>
            {(['line', 'last', 'mean', 'highest', 'highestAt'] as const).map((name) => (
              <th key={name} scope="col" className={name === 'line' ? undefined : 'numeric'}>
                {t(`metrics.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ id, label, values }) => {
            const { last, mean, highest, highestAt } = summaryOf(values);
            return (
              <tr key={id}>
                <th scope="row">{label}</th>
                <td className="numeric">{shown(last)}</td>
                <td className="numeric">{shown(mean)}</td>
                <td className="numeric">{shown(highest)}</td>
                <td className="numeric">{highestAt === null ? '–' : timeAt(times, highestAt)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
