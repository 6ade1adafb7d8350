const binary: Record<string, bigint> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};
const decimalPowers: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const pattern = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,3})|([EPTGMK]i|[EPTGMkmun]))?$/;

/** A number as a fraction of whole numbers, so that nothing is rounded before it is asked for. */
interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** Millicores of a CPU quantity, rounded up as Kubernetes does: `500m`, `0.5` and `5e-1` are 500. */
export function cpuMillis(quantity: string): number {
  return rounded(times(parse(quantity), 1000n, 1n), 'up');
}

/** Bytes of a memory quantity, rounded up: `1Gi`, `1.5Gi`, `128M`, `129e6`, `128974848`. */
export function memoryBytes(quantity: string): number {
  return rounded(parse(quantity), 'up');
}

/** MiB of a memory quantity. Round what is asked up and what is there down, so that nothing is promised twice. */
export function memoryMiB(quantity: string, round: 'up' | 'down'): number {
  return rounded(times(parse(quantity), 1n, 2n ** 20n), round);
}

/** A plain count, such as `pods: "110"`, rounded down. */
export function wholeCount(quantity: string): number {
  return rounded(parse(quantity), 'down');
}

/** `1500` → `1500m`; `2000` → `2`, as the API server would write it. */
export function formatCpu(millis: number): string {
  return millis % 1000 === 0 ? `${millis / 1000}` : `${millis}m`;
}

/** `1024` → `1Gi`; `1536` → `1536Mi`. */
export function formatMemory(mebibytes: number): string {
  return mebibytes > 0 && mebibytes % 1024 === 0 ? `${mebibytes / 1024}Gi` : `${mebibytes}Mi`;
}

function parse(quantity: string): Fraction {
  const match = pattern.exec(quantity);
  const [, sign, digits, exponent, suffix = ''] = match ?? [];
  if (digits === undefined) throw new RangeError(`not a quantity: ${quantity.slice(0, 40)}`);
  const [whole = '', part = ''] = digits.split('.');
  const amount = BigInt(`${sign === '-' ? '-' : ''}${whole || '0'}${part}`);
  const unit = binary[suffix];
  const power = (unit ? 0 : exponent ? Number(exponent) : (decimalPowers[suffix] ?? 0)) - part.length;
  const over = amount * (unit ?? 1n);
  return power >= 0 ? { over: over * 10n ** BigInt(power), under: 1n } : { over, under: 10n ** BigInt(-power) };
}

function times({ over, under }: Fraction, by: bigint, per: bigint): Fraction {
  return { over: over * by, under: under * per };
}

function rounded({ over, under }: Fraction, round: 'up' | 'down'): number {
  const floor = over / under - (over < 0n && over % under !== 0n ? 1n : 0n);
  return Number(round === 'up' && floor * under !== over ? floor + 1n : floor);
}
