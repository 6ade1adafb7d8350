import type { Container } from '@berth/api';

/** What the address says about the log to show; without a container it is all that run now. */
export interface LogPlace {
  readonly cluster?: string | undefined;
  readonly container?: string | undefined;
  readonly previous?: boolean | undefined;
  readonly since?: string | undefined;
}

/** Each holds a connection, and a browser has 6 to one host over HTTP/1.1: the feed and the page need theirs. */
export const mostTogether = 3;

/** Containers now, then those that are gone, each once. */
export function allSources(now: readonly Container[], past: readonly Container[]): Container[] {
  return [...now, ...past.filter((row) => !now.some((other) => other.uid === row.uid))];
}

/** The containers to read: the one that is named, or all that run now (of one cluster, when one is named). */
export function chosenOf(sources: readonly Container[], asked: LogPlace): readonly Container[] {
  const here = ofCluster(sources, asked);
  const named = here.find((row) => row.name === asked.container);
  if (named) return [named];
  const running = runningIn(sources, asked);
  return running.length > 0 ? running.slice(0, mostTogether) : here.slice(0, 1);
}

const ofCluster = (sources: readonly Container[], { cluster }: LogPlace) =>
  sources.filter((row) => !cluster || row.cluster === cluster);

const runningIn = (sources: readonly Container[], asked: LogPlace) =>
  ofCluster(sources, asked)
    .filter((row) => row.endedAt === null)
    .sort(byInterest);

/**
 * The containers to read while others come, go and change: those that are read stay until they end, in their place, and
 * what is free is filled up. Where nothing runs any more the last ones stay.
 */
export function keptAndChosen(
  before: readonly Container[],
  sources: readonly Container[],
  asked: LogPlace,
): readonly Container[] {
  const wanted = chosenOf(sources, asked);
  const isNamed = ({ name }: Container) => name === asked.container;
  // Just gone from those that run, and not among the past ones yet: nobody asked for the others.
  if (asked.container !== undefined) return before.some(isNamed) && !wanted.some(isNamed) ? before : wanted;
  if (before.length === 0) return wanted;
  const fresh = before.map((row) => sources.find((other) => other.uid === row.uid) ?? row);
  const kept = fresh.filter((row) => row.endedAt === null && sources.some((other) => other.uid === row.uid));
  const added = runningIn(sources, asked).filter((row) => !kept.some((other) => other.uid === row.uid));
  const chosen = [...kept, ...added].slice(0, mostTogether);
  return chosen.length > 0 ? chosen : fresh;
}

/** Those that are not well first, then the newest. */
function byInterest(a: Container, b: Container): number {
  const isWell = (row: Container) => Number(row.state === 'running' && row.restarts === 0);
  return isWell(a) - isWell(b) || b.createdAt.localeCompare(a.createdAt) || a.name.localeCompare(b.name);
}

/** What tells containers of one service apart: the last part of the name, with the cluster where it is needed. */
export function shortNames(containers: readonly Container[]): string[] {
  const tail = (row: Container) => row.name.slice(row.name.lastIndexOf('-') + 1);
  const isOneCluster = new Set(containers.map((row) => row.cluster)).size < 2;
  return containers.map((row) => (isOneCluster ? tail(row) : `${row.cluster}/${tail(row)}`));
}
