/** Tags by the numbers in them, the highest first; a suffix (`-rc1`) comes before the version it leads to. Names last. */
export function newestFirst(tags: readonly string[]): string[] {
  return tags
    .map((tag) => ({ tag, ...partsOf(tag) }))
    .sort((a, b) => byNumbers(b.numbers, a.numbers) || bySuffix(b.suffix, a.suffix) || (a.tag < b.tag ? -1 : 1))
    .map(({ tag }) => tag);
}

/** `numbers` is empty for a tag that begins with none. */
function partsOf(tag: string): { numbers: readonly number[]; suffix: string } {
  const [, numbers, suffix = ''] = /^v?(\d+(?:\.\d+)*)(.*)$/.exec(tag) ?? [];
  return numbers === undefined ? { numbers: [], suffix: '' } : { numbers: numbers.split('.').map(Number), suffix };
}

function byNumbers(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? -1) - (b[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function bySuffix(a: string, b: string): number {
  if ((a === '') !== (b === '')) return a === '' ? 1 : -1;
  return a.localeCompare(b, 'en', { numeric: true });
}
