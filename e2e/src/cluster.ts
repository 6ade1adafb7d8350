import { readFileSync } from 'node:fs';
import { createClusterClient, parseKubeconfig, type ClusterClient } from '@berth/clients/kubernetes';
import { eventually, status } from './platform.js';

/** Administrators' clients of all clusters of the platform, for checks from outside of Berth. */
export async function clusters(): Promise<Map<string, ClusterClient>> {
  const { clusters: rows } = await status();
  return new Map(
    rows.map((row) => {
      const parsed = parseKubeconfig(readFileSync(row.kubeconfig, 'utf8'));
      if (parsed.kind !== 'ok') throw new Error(`the kubeconfig of ${row.name} cannot be used`);
      return [row.name, createClusterClient(parsed.connection)];
    }),
  );
}

const leastCalls = 50;

/** Asks an address again and again, a new connection each time, until `stop`; counts what failed. */
export class SteadyClient {
  readonly failures: string[] = [];
  readonly answers = new Map<string, number>();
  private sent = 0;
  private running = true;
  private readonly done: Promise<void>;

  constructor(
    private readonly addresses: readonly string[],
    everyMs = 25,
  ) {
    this.done = this.run(everyMs);
  }

  /** Ends it once it has called often enough to prove something: what it watches may be over in a second. */
  async stop(): Promise<void> {
    await eventually(`${leastCalls} calls`, () => Promise.resolve(this.sent > leastCalls));
    this.running = false;
    await this.done;
  }

  private async run(everyMs: number): Promise<void> {
    while (this.running) {
      const address = this.addresses[this.sent % this.addresses.length] as string;
      this.sent += 1;
      try {
        const response = await fetch(address, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5000) });
        const text = (await response.text()).slice(0, 200);
        if (!response.ok) this.failures.push(`${address}: ${response.status}`);
        this.answers.set(text, (this.answers.get(text) ?? 0) + 1);
      } catch (error) {
        this.failures.push(`${address}: ${String(error instanceof Error ? (error.cause ?? error) : error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

/** Waits until an address answers with this text. Right after a roll-out the last old containers may still be leaving. */
export function answersWith(address: string, text: string): Promise<true> {
  return eventually(
    `an answer of ${address} with ${text}`,
    async () => {
      const response = await fetch(address, { headers: { connection: 'close' }, signal: AbortSignal.timeout(2000) });
      return response.ok && (await response.text()).includes(text);
    },
    30_000,
  );
}
