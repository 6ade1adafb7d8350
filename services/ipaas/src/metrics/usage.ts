import type { Points } from '@berth/api';
import type { InstantAnswer, Labels, RangeAnswer } from '@berth/clients/prometheus';

/** CPU and memory of many things at once, by a key made of their labels. */
export interface Usage {
  readonly times: readonly number[];
  readonly now: ReadonlyMap<string, { readonly cpuCores: number | null; readonly memoryBytes: number | null }>;
  readonly history: ReadonlyMap<string, { readonly cpuCores: Points; readonly memoryBytes: Points }>;
}

export interface Measured<Answer> {
  readonly cpu: Answer;
  readonly memory: Answer;
}

export const nothingMeasured: Usage = { times: [], now: new Map(), history: new Map() };

/** Brings four answers together: both quantities, now and lately. */
export function usageOf(
  now: Measured<InstantAnswer>,
  lately: Measured<RangeAnswer>,
  keyOf: (labels: Labels) => string,
): Usage {
  const valueOf = ({ samples }: InstantAnswer) => new Map(samples.map(({ labels, value }) => [keyOf(labels), value]));
  const valuesOf = ({ series }: RangeAnswer) => new Map(series.map(({ labels, values }) => [keyOf(labels), values]));
  const [cpuNow, memoryNow] = [valueOf(now.cpu), valueOf(now.memory)];
  const [cpu, memory] = [valuesOf(lately.cpu), valuesOf(lately.memory)];
  const { times } = lately.cpu;
  const empty: Points = times.map(() => null);
  return {
    times,
    now: new Map(
      keysOf(cpuNow, memoryNow).map((key) => [
        key,
        { cpuCores: rounded(cpuNow.get(key), 4), memoryBytes: rounded(memoryNow.get(key), 0) },
      ]),
    ),
    history: new Map(
      keysOf(cpu, memory).map((key) => [
        key,
        {
          cpuCores: (cpu.get(key) ?? empty).map((value) => rounded(value, 4)),
          memoryBytes: (memory.get(key) ?? empty).map((value) => rounded(value, 0)),
        },
      ]),
    ),
  };
}

/** What is known of a key: nulls where nothing is. */
export function usageFor(usage: Usage, key: string) {
  const empty = (): Points => usage.times.map(() => null);
  const { cpuCores, memoryBytes } = usage.now.get(key) ?? { cpuCores: null, memoryBytes: null };
  const history = usage.history.get(key) ?? { cpuCores: empty(), memoryBytes: empty() };
  return { cpuCores, memoryBytes, history };
}

function keysOf(...maps: readonly ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))];
}

function rounded(value: number | null | undefined, digits: number): number | null {
  return value === null || value === undefined ? null : Number(value.toFixed(digits));
}
