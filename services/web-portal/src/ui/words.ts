import type { Size } from '@berth/contracts';
import type { Translate } from '../i18n/index.js';

const trim = (value: number) => String(Math.round(value * 100) / 100);

/** `1 核 1 GB`: how a size is said. */
export function sizeText(t: Translate, size: Size): string {
  return t('size.text', { cpu: trim(size.cpuMillis / 1000), memory: memoryText(size.memoryMiB) });
}

/** Cores of thousandths: `0.5`, `4`. */
export const coresText = (cpuMillis: number) => trim(cpuMillis / 1000);

export function memoryText(memoryMiB: number): string {
  return memoryMiB >= 1024 ? `${trim(memoryMiB / 1024)} GB` : `${Math.round(memoryMiB)} MB`;
}

/** `1.4.2` of `shop/cart:1.4.2`, or the short digest where there is no version. */
export function imageVersion(image: string): string {
  const [name = '', digest] = image.split('@');
  const colon = name.lastIndexOf(':');
  if (colon > name.lastIndexOf('/')) return name.slice(colon + 1);
  return digest ? digest.slice(0, 19) : image;
}

export const shortDigest = (digest: string) => digest.replace('sha256:', '').slice(0, 12);

/** Bytes for people: `41.2 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KB`;
  return `${trim(bytes / 1024 / 1024)} MB`;
}
