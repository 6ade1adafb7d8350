import type { Board, PlatformStatus } from './status.js';

type UnitView = Board['units'][number];

/** Prints the check list: one line when a unit is ready for the first time, and what is waited for when it takes long. */
export class CheckList {
  private readonly printed = new Set<string>();
  private lastNews: number;
  private lastHint = '';
  /** When something became ready, or told that it is further than before. */
  lastProgress: number;

  constructor(
    private readonly write: (line: string) => void,
    now: number,
  ) {
    this.lastNews = now;
    this.lastProgress = now;
  }

  update(units: UnitView[], now: number): void {
    const gating = units.filter((unit) => unit.gates);
    for (const unit of gating.filter((one) => one.state === 'ready' && !this.printed.has(one.name))) {
      this.printed.add(unit.name);
      this.lastNews = now;
      this.lastProgress = now;
      this.write(checkLine(this.printed.size, gating.length, unit));
    }
    const hint = waitingFor(gating);
    const isNews = hint !== '' && hint !== this.lastHint && now - this.lastNews > 3_000;
    const isLong = hint !== '' && now - this.lastNews > 30_000;
    if (!isNews && !isLong) return;
    this.lastNews = now;
    if (hint !== this.lastHint) this.lastProgress = now;
    this.lastHint = hint;
    this.write(`        … ${hint}${isNews ? '' : ` (${Math.round((now - this.lastProgress) / 1000)} s)`}`);
  }
}

function checkLine(step: number, total: number, unit: UnitView): string {
  const counter = `${String(step).padStart(String(total).length)}/${total}`;
  return `[${counter}] ✔ ${unit.title.padEnd(52)} ${seconds(unit.tookMs ?? 0)}`;
}

/** The unit at the front of the queue, in words. */
export function waitingFor(units: UnitView[]): string {
  const busy = units.find((unit) => unit.state === 'failing') ?? units.find((unit) => unit.state === 'starting');
  if (!busy) return '';
  const tries = busy.attempts > 1 ? ` (attempt ${busy.attempts + 1})` : '';
  return `waiting for ${busy.title}${tries}${busy.detail ? `: ${busy.detail}` : ''}`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The table of `status` for people. */
export function statusText(status: PlatformStatus): string {
  if (!status.supervisor.running) return 'The platform is not running. Start it with: npm run up\n';
  const mark = (ready: boolean) => (ready ? '✔' : '✘');
  const rows = [
    `${mark(status.healthy)} ${status.healthy ? 'healthy' : 'not healthy yet'}${status.url ? `   ${status.url}` : ''}`,
    ...(status.url && status.adminPasswordFile
      ? [`  first login ${status.adminUser}, password in ${status.adminPasswordFile}`]
      : []),
    '',
    ...status.engines.map((one) => `${mark(one.ready)} ${one.name.padEnd(16)} ${one.address}${note(one)}`),
    ...status.clusters.map((one) => `${mark(one.ready)} ${one.name.padEnd(16)} ${one.kubeconfig}${note(one)}`),
    ...status.services.map((one) => `${mark(one.ready)} ${one.name.padEnd(16)} ${one.url}${note(one)}`),
  ];
  return `${rows.join('\n')}\n`;
}

const note = (one: { ready: boolean; detail: string }): string => (one.ready || !one.detail ? '' : `   ${one.detail}`);
