interface Named {
  readonly code: string;
  readonly name: string;
}

/** The name with another code: what the catalogue calls it, unless somebody wrote a name of their own. */
export function nameAfter(code: string, before: Named, known: readonly Named[]): string {
  const nameOf = (wanted: string) => known.find((row) => row.code === wanted)?.name ?? '';
  return before.name === nameOf(before.code) || before.name === '' ? nameOf(code) : before.name;
}
