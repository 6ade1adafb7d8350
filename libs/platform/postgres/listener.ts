import pg from 'pg';
import { messageOf } from '../errors/index.js';
import type { Logger } from '../log/index.js';

type Heard = (payload: string) => void;
const reconnectMs = 500;
const probeMs = 10_000;

/** One connection that listens to every channel somebody wants to hear. */
export class Listener {
  private readonly channels = new Map<string, Set<Heard>>();
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly newClient: () => pg.Client,
    private readonly log: Logger,
  ) {}

  async listen(channel: string, heard: Heard): Promise<() => Promise<void>> {
    const listeners = this.channels.get(channel) ?? new Set();
    this.channels.set(channel, listeners.add(heard));
    await this.connected();
    if (listeners.size === 1) await this.client?.query(`listen ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
    return async () => {
      listeners.delete(heard);
      if (listeners.size > 0 || this.channels.get(channel) !== listeners) return;
      this.channels.delete(channel);
      await this.client?.query(`unlisten ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.connecting;
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async connected(): Promise<void> {
    if (this.client || this.closed) return;
    this.connecting ??= this.connect().finally(() => (this.connecting = undefined));
    await this.connecting;
  }

  private async connect(): Promise<void> {
    const client = this.newClient();
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client, undefined));
    client.on('notification', ({ channel, payload }) => this.tell(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of this.channels.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      this.log.debug('Cannot listen for notifications', { err: error });
      client.end().catch(() => undefined);
      this.later(() => this.reconnect(), reconnectMs);
      return;
    }
    this.client = client;
    this.later(() => this.probe(), probeMs);
  }

  private lost(client: pg.Client, error: Error | undefined): void {
    if (this.client !== client) return;
    this.client = undefined;
    if (this.closed) return;
    this.log.warn('The listening connection was lost', { reason: error ? messageOf(error) : 'it was closed' });
    client.end().catch(() => undefined);
    this.later(() => this.reconnect(), reconnectMs);
  }

  private async reconnect(): Promise<void> {
    await this.connected();
    if (this.client) for (const channel of this.channels.keys()) this.tell(channel, '');
  }

  /** A connection can be dead without a word (a lost route); asking something finds that out. */
  private async probe(): Promise<void> {
    const client = this.client;
    if (!client) return;
    const answer = client.query('select 1').then(
      () => true,
      () => false,
    );
    const patience = new Promise<false>((resolve) => setTimeout(resolve, 5_000, false).unref());
    if (await Promise.race([answer, patience])) this.later(() => this.probe(), probeMs);
    else this.lost(client, new Error('it does not answer'));
  }

  private tell(channel: string, payload: string): void {
    for (const heard of this.channels.get(channel) ?? []) heard(payload);
  }

  private later(act: () => Promise<void>, ms: number): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void act(), ms);
  }
}
