import { z } from 'zod';
import { timesOf, type InstantAnswer, type RangeAnswer, type TimeGrid } from './prometheus.js';

const labels = z.record(z.string(), z.string());
/** Time in seconds, and the value as text because JSON has no NaN. */
const sample = z.tuple([z.number(), z.string()]);

const body = z.union([
  z.object({
    status: z.literal('success'),
    data: z.union([
      z.object({
        resultType: z.literal('matrix'),
        result: z.array(z.object({ metric: labels, values: z.array(sample) })),
      }),
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: sample })) }),
    ]),
  }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);
type Body = z.output<typeof body>;

/** The body of an answer. Throws SyntaxError or ZodError when it is not Prometheus that answers. */
export function readBody(text: string): Body {
  return body.parse(JSON.parse(text));
}

/** Samples laid on the grid that was asked for. */
export function rangeOf(answer: Body, grid: TimeGrid): RangeAnswer | undefined {
  if (answer.status !== 'success' || answer.data.resultType !== 'matrix') return undefined;
  const times = timesOf(grid);
  const series = answer.data.result.map(({ metric, values }) => {
    const points = new Array<number | null>(times.length).fill(null);
    for (const [at, text] of values) {
      const index = Math.round((at - grid.fromSeconds) / grid.stepSeconds);
      if (index >= 0 && index < points.length) points[index] = finite(text);
    }
    return { labels: metric, values: points };
  });
  return { kind: 'range', times, series };
}

export function instantOf(answer: Body): InstantAnswer | undefined {
  if (answer.status !== 'success' || answer.data.resultType !== 'vector') return undefined;
  const samples = answer.data.result.flatMap(({ metric, value: [, text] }) => {
    const value = finite(text);
    return value === null ? [] : [{ labels: metric, value }];
  });
  return { kind: 'instant', samples };
}

/** NaN and infinities are no measurements. */
function finite(text: string): number | null {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : null;
}
