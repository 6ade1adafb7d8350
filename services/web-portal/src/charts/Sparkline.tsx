import type { Points } from '@berth/api';
import './sparkline.css';

interface Props {
  readonly values: Points;
  /** What it shows, for who does not see it: "CPU, 30 minutes: 0.12 of 1 core". */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
  /** Top of the scale; without one the highest value. */
  readonly max?: number | undefined;
}

/** A line without axes, of fixed size, for a cell of a list. Gaps stay gaps; no value, no line, the same room. */
export function Sparkline({ values, label, width = 72, height = 20, max }: Props) {
  const top = Math.max(max ?? 0, ...values.map((value) => value ?? 0)) || 1;
  const x = (index: number) => (values.length < 2 ? width / 2 : 1 + (index / (values.length - 1)) * (width - 2));
  const y = (value: number) => height - 1.5 - (value / top) * (height - 3);
  return (
    <svg className="sparkline" width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      <line className="base" x1={0} x2={width} y1={height - 0.5} y2={height - 0.5} />
      <path d={pathOf(values, x, y)} />
    </svg>
  );
}

function pathOf(values: Points, x: (index: number) => number, y: (value: number) => number): string {
  return values
    .map((value, index) => {
      if (value === null) return '';
      const isBegin = (values[index - 1] ?? null) === null;
      const isAlone = isBegin && (values[index + 1] ?? null) === null;
      const point = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
      return isAlone ? `M${point}h0.01` : `${isBegin ? 'M' : 'L'}${point}`;
    })
    .join('');
}
