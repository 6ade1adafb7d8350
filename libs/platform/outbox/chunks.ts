/** Brokers refuse a batch above 1 MB; half of it leaves room for headers and for the estimate. */
const chunkBytes = 500_000;

/** A message above this can never be sent, so it is refused when it is appended. */
export const maxDataBytes = 900_000;

/** Cuts rows into runs that fit into one batch of a partition, in order; a row above the limit goes alone. */
export function chunksOf<Row extends { readonly envelope: string; readonly data: string | null }>(
  rows: readonly Row[],
  limitBytes = chunkBytes,
): Row[][] {
  const chunks: Row[][] = [];
  let room = 0;
  for (const row of rows) {
    const bytes = Buffer.byteLength(row.envelope) + Buffer.byteLength(row.data ?? '') + 200;
    const last = chunks.at(-1);
    if (last && bytes <= room) last.push(row);
    else chunks.push([row]);
    room = (last && bytes <= room ? room : limitBytes) - bytes;
  }
  return chunks;
}
