/** How far a removal is, and where containers of the rest still are: `9/14 · shanghai`. */
export function removalText(gone: number, of: number, clusters: readonly string[]): string {
  return [`${gone}/${of}`, ...(gone < of && clusters.length > 0 ? [clusters.join(', ')] : [])].join(' · ');
}
