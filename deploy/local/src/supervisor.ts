import { EventEmitter, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { dependants, startOrder } from './graph.js';
import { stopRecorded } from './process.js';
import { Runner, type RunnerPlaces, type UnitStatus } from './runner.js';
import type { Unit } from './unit.js';

/** Runs units in the order of their needs, restarts what dies, and stops everything in reverse. */
export class Supervisor {
  private readonly runners = new Map<string, Runner>();
  private readonly events = new EventEmitter().setMaxListeners(0);

  constructor(
    private readonly places: RunnerPlaces,
    private readonly publish: (statuses: UnitStatus[]) => void,
  ) {}

  /** Makes the running set equal to these units. Units that stay are looked at again, without a needless restart. */
  async apply(units: Unit[]): Promise<void> {
    const order = startOrder(units);
    const wanted = new Map(units.map((unit) => [unit.name, unit]));
    await this.stopOnly([...this.runners.keys()].filter((name) => !wanted.has(name)));
    await this.stopStrangers(wanted);
    for (const name of order) {
      const unit = wanted.get(name);
      if (!unit) continue;
      const running = this.runners.get(name);
      if (running) running.update(unit);
      else this.add(unit);
    }
    this.changed();
  }

  /** Everything down: a unit stops as soon as all that need it are gone. */
  stopAll(): Promise<void> {
    return this.stopOnly([...this.runners.keys()]);
  }

  statuses(): UnitStatus[] {
    return [...this.runners.values()].map((runner) => runner.status);
  }

  private add(unit: Unit): void {
    const runner = new Runner(
      unit,
      this.places,
      (waiting, signal) => this.whenReady(waiting, signal),
      () => this.changed(),
    );
    this.runners.set(unit.name, runner);
    runner.start();
  }

  private async stopOnly(names: string[]): Promise<void> {
    const leaving = new Set(names);
    const nodes = names.map((name) => ({ name, needs: this.runners.get(name)?.needs ?? [] }));
    const stopped = new Map<string, Promise<void>>();
    const stop = (name: string): Promise<void> => {
      const known = stopped.get(name);
      if (known) return known;
      const first = dependants(nodes, name).filter((other) => leaving.has(other));
      const ended = Promise.all(first.map(stop)).then(() => this.runners.get(name)?.stop());
      stopped.set(name, ended);
      return ended;
    };
    await Promise.all(names.map(stop));
    for (const name of names) this.runners.delete(name);
    this.changed();
  }

  /** Processes of an earlier supervisor whose unit is no longer wanted, such as a third copy. */
  private async stopStrangers(wanted: Map<string, Unit>): Promise<void> {
    const records = readdirSync(this.places.records).filter((name) => !name.endsWith('.new') && name !== 'supervisor');
    await Promise.all(
      records.filter((name) => !wanted.has(name)).map((name) => stopRecorded(join(this.places.records, name))),
    );
  }

  private async whenReady({ needs, after = [] }: Unit, signal: AbortSignal): Promise<void> {
    const status = (name: string) => this.runners.get(name)?.status;
    const isMissing = (name: string) => status(name)?.tookMs === undefined;
    const goesFirst = (name: string) => isMissing(name) && status(name)?.attempts === 0;
    while ((needs.some(isMissing) || after.some(goesFirst)) && !signal.aborted) {
      await once(this.events, 'changed', { signal }).catch(() => undefined);
    }
  }

  private changed(): void {
    this.events.emit('changed');
    this.publish(this.statuses());
  }
}
