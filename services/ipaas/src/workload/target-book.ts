import { placeKey } from '../cluster/cluster-cache.js';
import { placeOf, type Target } from './objects.js';

/** The targets of one cluster as they were last read, looked up by service, place and namespace. */
export class TargetBook {
  private targets = new Map<string, Target>();
  private readonly byPlace = new Map<string, Set<string>>();
  private readonly byNamespace = new Map<string, Set<string>>();

  get(serviceUid: string): Target | undefined {
    return this.targets.get(serviceUid);
  }

  uids(): string[] {
    return [...this.targets.keys()];
  }

  atPlace(place: string): Iterable<string> {
    return this.byPlace.get(place) ?? [];
  }

  inNamespace(namespace: string): Iterable<string> {
    return this.byNamespace.get(namespace) ?? [];
  }

  /** Whether what the release of this row was rendered to is known. */
  knows({ serviceUid, release }: Pick<Target, 'serviceUid' | 'release'>): boolean {
    return this.targets.get(serviceUid)?.release === release;
  }

  /** Takes all rows as they are now, with what new releases were rendered to; answers with the services whose target is new, changed or gone. */
  replace(
    slim: readonly Omit<Target, 'rendered'>[],
    releases: readonly Pick<Target, 'serviceUid' | 'release' | 'rendered'>[],
  ): string[] {
    const before = this.targets;
    const fresh = new Map(releases.map((row) => [`${row.serviceUid} ${row.release}`, row.rendered]));
    const rows = slim.flatMap((row): Target[] => {
      const known = before.get(row.serviceUid);
      const rendered = known?.release === row.release ? known.rendered : fresh.get(`${row.serviceUid} ${row.release}`);
      return rendered ? [{ ...row, rendered }] : [];
    });
    this.targets = new Map(rows.map((row) => [row.serviceUid, row]));
    this.byPlace.clear();
    this.byNamespace.clear();
    for (const { serviceUid, key } of rows) {
      const { namespace, name } = placeOf(key);
      put(this.byPlace, placeKey(namespace, name), serviceUid);
      put(this.byNamespace, namespace, serviceUid);
    }
    const changed = rows.filter((row) => !isSame(before.get(row.serviceUid), row)).map(({ serviceUid }) => serviceUid);
    const gone = [...before.keys()].filter((uid) => !this.targets.has(uid));
    return [...changed, ...gone];
  }
}

function put(index: Map<string, Set<string>>, key: string, value: string): void {
  index.set(key, (index.get(key) ?? new Set()).add(value));
}

function isSame(a: Target | undefined, b: Target): boolean {
  return (
    a !== undefined &&
    a.epoch === b.epoch &&
    a.generation === b.generation &&
    a.release === b.release &&
    a.replicas === b.replicas &&
    a.restartToken === b.restartToken &&
    a.halted === b.halted &&
    a.phase === b.phase &&
    a.paused === b.paused
  );
}
