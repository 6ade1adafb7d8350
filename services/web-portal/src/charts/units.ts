const digits = (value: number) =>
  value === 0 ? '0' : value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

/** `0.25`, `12 m` for a few thousandths of a core. */
export function coresLabel(cores: number): string {
  return cores !== 0 && Math.abs(cores) < 0.1 ? `${digits(cores * 1000)} m` : digits(cores);
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `182 MB`; 1 KB is 1,024 bytes, as sizes are said everywhere here. */
export function bytesLabel(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${digits(bytes / 1024 ** power)} ${units[power]}`;
}

export const countLabel = (count: number): string => digits(count);

/** Steps of an axis in powers of two, so that its labels are whole MB and GB. */
export function byteSteps(): number[] {
  return Array.from({ length: 44 }, (_, power) => 2 ** power);
}
