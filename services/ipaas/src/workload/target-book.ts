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

  /** Takes all rows as they are now; answers with the services whose target is new, changed or gone. */
  replace(rows: readonly Target[]): string[] {
    const before = this.targets;
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
