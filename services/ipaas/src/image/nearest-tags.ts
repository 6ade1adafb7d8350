const most = 10;

/** Tags that somebody may have meant, the nearest first: what begins alike, then what differs in the fewest characters. */
export function nearestTags(asked: string, tags: readonly string[]): string[] {
  const ranked = tags.map((tag) => ({ tag, alike: commonStart(asked, tag), distance: distance(asked, tag) }));
  ranked.sort((a, b) => b.alike - a.alike || a.distance - b.distance || (a.tag < b.tag ? -1 : 1));
  return ranked.slice(0, most).map(({ tag }) => tag);
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** Edit distance (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + change));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
