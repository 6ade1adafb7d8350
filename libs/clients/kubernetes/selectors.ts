type Labels = Readonly<Record<string, string>>;

/** Does `labels` satisfy a Kubernetes label selector text? Equality, `in`, `notin`, `key`, `!key`. */
export function matchesLabels(selector: string | undefined, labels: Labels = {}): boolean {
  return splitTerms(selector ?? '').every((term) => matchesTerm(term, labels));
}

/** Field selectors know only equality; `read` gives the value of a field such as `involvedObject.name`. */
export function matchesFields(selector: string | undefined, read: (field: string) => string): boolean {
  return splitTerms(selector ?? '').every((term) => {
    const [, field = '', operator, value = ''] = /^([^!=]+)(!=|==?)(.*)$/.exec(term) ?? [];
    return (read(field) === value) !== (operator === '!=');
  });
}

/** Commas between terms, not those inside `in (a,b)`. */
function splitTerms(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
}

function matchesTerm(term: string, labels: Labels): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const isIn = list
      .split(',')
      .map((value) => value.trim())
      .includes(labels[key] ?? '\0');
    return operator === 'in' ? isIn : !isIn;
  }
  const equality = /^([^!=\s]+)\s*(!=|==?)\s*(.*)$/.exec(term);
  if (equality) {
    const [, key = '', operator, value] = equality;
    return (labels[key] === value) !== (operator === '!=');
  }
  return term.startsWith('!') ? !(term.slice(1) in labels) : term in labels;
}
