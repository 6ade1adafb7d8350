import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, launch, readRecord, specHash, stopRecorded, type ProcessRecord } from './process.js';
import type { ProcessSpec, Unit } from './unit.js';

export type UnitState = 'waiting' | 'starting' | 'ready' | 'failing' | 'stopping' | 'stopped';

export interface UnitStatus {
  name: string;
  title: string;
  group: Unit['group'];
  gates: boolean;
  state: UnitState;
  /** What it is busy with or what is wrong. */
  detail: string;
  /** ISO 8601 time of the last change of state. */
  since: string;
  /** From its first step to its first time ready. */
  tookMs: number | undefined;
  attempts: number;
  pid: number | undefined;
}

export interface RunnerPlaces {
  records: string;
  logs: string;
}

const firstPauseMs = 250;
const longestPauseMs = 15_000;
/** A process that lived this long earns a quick restart again. */
const steadyMs = 30_000;
const healthEveryMs = 5_000;

/** Keeps one unit true until it is told to stop. */
export class Runner {
  readonly status: UnitStatus;
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();
  private spec: ProcessSpec | undefined;
  private unit: Unit;
  private again = false;
  private nudge: () => void = () => undefined;

  constructor(
    unit: Unit,
    private readonly places: RunnerPlaces,
    private readonly whenReady: (unit: Unit, signal: AbortSignal) => Promise<void>,
    private readonly changed: () => void,
  ) {
    this.unit = unit;
    const { name, title, group } = unit;
    const since = new Date().toISOString();
    this.status = {
      name,
      title,
      group,
      gates: unit.gates ?? true,
      state: 'waiting',
      detail: '',
      since,
      tookMs: undefined,
      attempts: 0,
      pid: undefined,
    };
  }

  get needs(): string[] {
    return this.unit.needs;
  }

  start(): void {
    this.done = this.loop().catch((error: unknown) => this.set('failing', messageOf(error)));
  }

  /** Takes a new definition: a task runs again, a process restarts only when what it is started from has changed. */
  update(unit: Unit): void {
    this.unit = unit;
    this.status.title = unit.title;
    this.again = true;
    if (this.status.state === 'ready') this.set('starting', 'looking at it again');
    this.nudge();
  }

  /** Ends the unit for good. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.done;
    this.set('stopping', '');
    if (this.unit.kind === 'process') {
      await stopRecorded(this.recordFile, this.spec);
      await this.unit.afterStop?.();
    } else {
      await this.unit.undo?.();
    }
    this.status.pid = undefined;
    this.set('stopped', '');
  }

  private get recordFile(): string {
    return join(this.places.records, this.unit.name);
  }

  private async loop(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      this.set('waiting', '');
      await this.whenReady(this.unit, signal);
      if (signal.aborted) return;
      const began = Date.now();
      this.again = false;
      this.set('starting', '');
      try {
        await (this.unit.kind === 'process' ? this.runProcess(this.unit, began) : this.runTask(this.unit, began));
        this.status.attempts = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (Date.now() - began > steadyMs) this.status.attempts = 0;
        this.status.attempts += 1;
        this.set('failing', messageOf(error));
        await this.pause(Math.min(firstPauseMs * 2 ** (this.status.attempts - 1), longestPauseMs));
      }
    }
  }

  private async runTask(unit: Extract<Unit, { kind: 'task' }>, began: number): Promise<void> {
    await unit.run((detail) => this.set('starting', detail));
    if (unit.ready) await this.untilReady(unit.ready.bind(unit), () => true);
    this.setReady(began);
    while (!this.abort.signal.aborted && !this.again) await this.pause(60_000);
  }

  /** Returns when the process should be looked at again; throws when it died. */
  private async runProcess(unit: Extract<Unit, { kind: 'process' }>, began: number): Promise<void> {
    const spec = await unit.process();
    this.spec = spec;
    const record = await this.adoptOrLaunch(spec);
    this.status.pid = record.pid;
    const alive = () => isAlive(record);
    if (unit.ready) await this.untilReady(unit.ready.bind(unit), alive);
    else await this.pause(300);
    if (this.abort.signal.aborted) return;
    if (!alive()) throw new Error(this.deathNote());
    this.setReady(began);
    let lastHealth = Date.now();
    while (!this.abort.signal.aborted && !this.again) {
      await this.pause(400);
      if (!alive()) throw new Error(this.deathNote());
      if (unit.ready && Date.now() - lastHealth > healthEveryMs) {
        await this.noteHealth(unit.ready.bind(unit), began);
        lastHealth = Date.now();
      }
    }
  }

  /** A sick process is shown as such and left alone: only death is followed by a restart. */
  private async noteHealth(ready: () => Promise<void>, began: number): Promise<void> {
    const problem = await ready().then(() => undefined, messageOf);
    if (this.abort.signal.aborted) return;
    if (problem !== undefined) this.set('failing', problem);
    else if (this.status.state !== 'ready') this.setReady(began);
  }

  private async adoptOrLaunch(spec: ProcessSpec): Promise<ProcessRecord> {
    const known = readRecord(this.recordFile);
    if (known && isAlive(known)) {
      if (known.hash === specHash(spec)) return known;
      this.set('starting', 'restarting with its new settings');
    }
    await stopRecorded(this.recordFile, spec);
    const child = launch(spec, this.recordFile, join(this.places.logs, `${this.unit.name}.log`));
    child.on('error', () => undefined);
    // Its own child is seen to die at once; one that was taken over is looked at from time to time.
    child.on('exit', () => this.nudge());
    const end = Date.now() + 5_000;
    for (let record = readRecord(this.recordFile); Date.now() < end; record = readRecord(this.recordFile)) {
      if (record) return record;
      await delay(5);
    }
    throw new Error('it did not start');
  }

  private async untilReady(ready: () => Promise<void>, alive: () => boolean): Promise<void> {
    for (let pauseMs = 50; !this.abort.signal.aborted; pauseMs = Math.min(pauseMs * 1.4, 1_000)) {
      const problem = await ready().then(() => undefined, messageOf);
      if (problem === undefined) return;
      if (!alive()) throw new Error(this.deathNote());
      this.set('starting', problem);
      await this.pause(pauseMs);
    }
  }

  private deathNote(): string {
    return `the process ended; its last words are in ${join(this.places.logs, `${this.unit.name}.log`)}`;
  }

  private async pause(ms: number): Promise<void> {
    if (this.again || this.abort.signal.aborted) return;
    const wake = new AbortController();
    this.nudge = () => wake.abort();
    await delay(ms, undefined, { signal: AbortSignal.any([wake.signal, this.abort.signal]) }).catch(() => undefined);
  }

  private setReady(began: number): void {
    this.status.tookMs ??= Date.now() - began;
    this.set('ready', '');
  }

  private set(state: UnitState, detail: string): void {
    if (this.status.state === state && this.status.detail === detail) return;
    if (this.status.state !== state) this.status.since = new Date().toISOString();
    Object.assign(this.status, { state, detail });
    this.changed();
  }
}

/** The message with those of its causes, in one line. */
export function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let cause = error; cause instanceof Error && parts.length < 4; cause = cause.cause) parts.push(cause.message);
  return (parts.length > 0 ? parts.join(': ') : String(error)).replaceAll('\n', ' ').slice(0, 500);
}
