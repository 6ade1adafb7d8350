import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import uPlot from 'uplot';
import { useThemeName } from '../app/preferences.js';
import { fonts, palettes, type ThemeName } from '../styles/tokens.js';
import { isAlone, mergedMarks, topOf, type ChartMark, type Line } from './chart.js';
import { colourOf, dashOf } from './palette.js';

export const chartHeight = 208;

export interface ChartInput {
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly marks: readonly ChartMark[];
  readonly format: (value: number) => string;
  /** Charts with the same key share their cross-hair. */
  readonly sync: string;
  readonly shape: 'line' | 'step' | 'bars';
  /** The axis is never lower than this. */
  readonly least: number;
  readonly increments?: number[] | undefined;
  readonly highlighted: string | null;
  readonly onPoint: (index: number | null) => void;
}

/** Keeps one uPlot in the element: new values are set into it, other lines or another theme make it anew. */
export function useChart(host: RefObject<HTMLDivElement | null>, input: ChartInput): RefObject<uPlot | null> {
  const theme = useThemeName();
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(input);
  // Before the effects below, which read it, and before the chart asks again.
  useLayoutEffect(() => {
    latest.current = input;
  });
  const identity = input.lines.map(({ id, kind, colour }) => `${id}/${kind}/${colour}`).join();

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(optionsOf(latest, theme, element.clientWidth), dataOf(latest.current), element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: chartHeight }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [host, theme, identity]);

  useEffect(() => {
    chart.current?.setData(dataOf(latest.current));
  }, [input.times, input.lines, input.marks]);

  useEffect(() => {
    const index = input.lines.findIndex(({ id }) => id === input.highlighted);
    // uPlot fades every other line; without one all have their full colour.
    chart.current?.setSeries(index < 0 ? null : index + 1, { focus: true });
  }, [input.highlighted, input.lines, identity]);
  return chart;
}

const dataOf = ({ times, lines }: ChartInput): uPlot.AlignedData =>
  [times, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;

function optionsOf(latest: RefObject<ChartInput>, theme: ThemeName, width: number): uPlot.Options {
  const palette = palettes[theme];
  const { lines, sync, increments } = latest.current;
  const axis = {
    stroke: palette.text3,
    font: `11px ${fonts.sans}`,
    grid: { stroke: palette.line, width: 1 },
    ticks: { stroke: palette.line, width: 1, size: 4 },
  };
  return {
    width,
    height: chartHeight,
    padding: [18, 8, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: sync, setSeries: false },
      drag: { x: false, y: false },
      focus: { prox: -1 },
      points: { size: 6 },
    },
    focus: { alpha: 0.2 },
    scales: { y: { range: () => [0, topOf(latest.current.lines, latest.current.least)] } },
    axes: [
      { ...axis, size: 30, values: (_, splits, __, ___, increment) => splits.map((at) => timeLabel(at, increment)) },
      {
        ...axis,
        size: 64,
        values: (_, splits) => splits.map((value) => latest.current.format(value)),
        ...(increments && { incrs: increments }),
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, latest, theme))],
    hooks: {
      setCursor: [(chart) => latest.current.onPoint(chart.cursor.idx ?? null)],
      draw: [(chart) => drawMarks(chart, latest.current.marks, palette)],
    },
  };
}

function seriesOf(line: Line, latest: RefObject<ChartInput>, theme: ThemeName): uPlot.Series {
  const palette = palettes[theme];
  const stroke =
    line.kind === 'limit' ? palette.bad : line.colour === null ? palette.text2 : colourOf(theme, line.colour);
  const { shape } = latest.current;
  const paths = shape === 'step' ? uPlot.paths.stepped?.({ align: -1 }) : undefined;
  const bars = shape === 'bars' ? uPlot.paths.bars?.({ size: [0.6, 24, 2] }) : undefined;
  return {
    label: line.label,
    stroke,
    width: line.kind === 'now' ? 1.75 : 1,
    spanGaps: false,
    ...(line.kind === 'limit' ? { dash: [6, 4] } : { dash: dashOf(line.colour ?? 0) }),
    ...(bars && { fill: stroke }),
    ...((bars ?? paths) && { paths: bars ?? paths }),
    points: {
      show: shape !== 'bars',
      size: 4,
      fill: stroke,
      filter: (chart, series) => {
        const values = Array.from(chart.data[series] ?? []);
        return Array.from(values.keys()).filter((index) => isAlone(values, index));
      },
    },
  };
}

/** Seconds only where the axis is that fine; the day where it begins. */
function timeLabel(at: number, incrementSeconds: number): string {
  const date = new Date(at * 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const isDay = date.getHours() === 0 && date.getMinutes() === 0;
  if (isDay) return `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return incrementSeconds < 60 ? `${time}:${two(date.getSeconds())}` : time;
}

function drawMarks(chart: uPlot, marks: readonly ChartMark[], palette: (typeof palettes)[ThemeName]): void {
  const { ctx, bbox } = chart;
  const ratio = uPlot.pxRatio;
  const perSecond = bbox.width / Math.max(1, (chart.scales.x?.max ?? 1) - (chart.scales.x?.min ?? 0));
  ctx.save();
  ctx.font = `${11 * ratio}px ${fonts.sans}`;
  ctx.strokeStyle = palette.text3;
  ctx.fillStyle = palette.text2;
  ctx.lineWidth = ratio;
  // The axes leave their own alignment behind.
  ctx.textAlign = 'left';
  const right = bbox.left + bbox.width;
  // Where the last label of each row ends: one that would cover another goes a row down, into the chart.
  const ends = [0, 0, 0];
  for (const mark of mergedMarks(marks, (6 * ratio) / perSecond)) {
    const x = Math.round(chart.valToPos(mark.atSeconds, 'x', true));
    if (x < bbox.left || x > right) continue;
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(mark.label).width;
    const begin = Math.min(x + 3 * ratio, right - width);
    const row = ends.findIndex((end) => end < begin);
    if (row < 0) continue;
    ends[row] = begin + width + 6 * ratio;
    ctx.fillText(mark.label, begin, bbox.top + (row * 13 - 6) * ratio);
  }
  ctx.restore();
}
