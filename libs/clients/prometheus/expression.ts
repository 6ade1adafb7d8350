/** A condition on a label; `matches` and `excludes` are whole-value regular expressions (RE2). */
export type Matcher =
  | { readonly label: string; readonly is: string }
  | { readonly label: string; readonly isNot: string }
  | { readonly label: string; readonly matches: string };

type WindowFunction = 'rate' | 'max_over_time' | 'last_over_time';
type Aggregation = 'sum' | 'max';

/** A query as data, so that the fake answers the same question that Prometheus is asked. */
export type Expression =
  | { readonly kind: 'metric'; readonly name: string; readonly where: readonly Matcher[] }
  | {
      readonly kind: 'over';
      readonly apply: WindowFunction;
      readonly seconds: number;
      readonly of: Extract<Expression, { kind: 'metric' }>;
    }
  | { readonly kind: 'aggregate'; readonly apply: Aggregation; readonly by: readonly string[]; readonly of: Expression }
  | {
      readonly kind: 'relabel';
      readonly label: string;
      readonly from: string;
      readonly matches: string;
      readonly of: Expression;
    };

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** All series of a metric that fulfil every condition. */
export function metric(name: string, ...where: Matcher[]): Of<'metric'> {
  return { kind: 'metric', name, where };
}

/**
 * A function over the samples of the last `seconds` before each point. The window is explicit because samples that carry
 * their own time (the kubelet's) are otherwise looked back at for 5 minutes, also when the container is long gone.
 */
export function over(apply: WindowFunction, seconds: number, of: Of<'metric'>): Of<'over'> {
  return { kind: 'over', apply, seconds, of };
}

/** One series for each combination of these labels: a grouped query, whatever the number of containers. */
export function aggregate(apply: Aggregation, by: readonly string[], of: Expression): Of<'aggregate'> {
  return { kind: 'aggregate', apply, by, of };
}

/** Adds `label` with the first group of `matches` on the label `from`; where it does not match the series stays as it is. */
export function relabel(label: string, from: string, matches: string, of: Expression): Of<'relabel'> {
  return { kind: 'relabel', label, from, matches, of };
}

/** The text that Prometheus takes. Values are quoted, so none of them can break out of its place. */
export function toPromQL(expression: Expression): string {
  switch (expression.kind) {
    case 'metric':
      return `${nameOf(expression.name)}{${expression.where.map(matcherOf).join(',')}}`;
    case 'over':
      return `${expression.apply}(${toPromQL(expression.of)}[${secondsOf(expression.seconds)}])`;
    case 'aggregate':
      return `${expression.apply} by (${expression.by.map(nameOf).join(',')}) (${toPromQL(expression.of)})`;
    case 'relabel': {
      const { label, from, matches, of } = expression;
      return `label_replace(${toPromQL(of)}, ${quoted(nameOf(label))}, "$1", ${quoted(nameOf(from))}, ${quoted(matches)})`;
    }
  }
}

function matcherOf(matcher: Matcher): string {
  const name = nameOf(matcher.label);
  if ('is' in matcher) return `${name}=${quoted(matcher.is)}`;
  return 'isNot' in matcher ? `${name}!=${quoted(matcher.isNot)}` : `${name}=~${quoted(matcher.matches)}`;
}

function nameOf(name: string): string {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw new RangeError(`not a name of a metric or label: ${name}`);
  return name;
}

function secondsOf(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds <= 0) throw new RangeError(`not a window: ${seconds}`);
  return `${seconds}s`;
}

/** PromQL reads strings as Go does; JSON's escapes are a part of those. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
