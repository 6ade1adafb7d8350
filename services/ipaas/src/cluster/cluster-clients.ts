import { createClusterClient, type ClusterClient, type ClusterConnection } from '@berth/clients/kubernetes';
import { Database } from '@berth/platform/postgres';
import { Seal } from '@berth/platform/seal';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { credentialBinding, SealedConnection, type Cluster } from './cluster.js';
import { ClusterStore } from './cluster.store.pg.js';

/** Opens the connection to a cluster; a spec puts a fake cluster behind it. */
@Injectable()
export class ClusterDialer {
  /** Throws a ClusterError when CA, certificate or key cannot be read. */
  dial(_name: string, connection: ClusterConnection): ClusterClient {
    return createClusterClient(connection, { lastBackoffMs: 5_000 });
  }
}

interface Kept {
  readonly client: ClusterClient;
  readonly credential: string;
  idle: NodeJS.Timeout;
}

const keptForMs = 5 * 60_000;

/** Clients from sealed credentials. Any copy may open one to read; only the lease holder of a cluster writes with his. */
@Injectable()
export class ClusterClients implements OnModuleDestroy {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly database: Database,
    private readonly store: ClusterStore,
    private readonly seal: Seal,
    private readonly dialer: ClusterDialer,
  ) {}

  /** A new client for the one who asks; he closes it. */
  async open({ name, credentialName, credentialVersion }: Cluster): Promise<ClusterClient> {
    const sealed = await this.store.credential(this.database, credentialName, credentialVersion);
    if (!sealed) throw new TypeError(`there is no credential ${credentialName} version ${credentialVersion}`);
    const text = this.seal.open(sealed, credentialBinding(credentialName, credentialVersion));
    const { tlsServerName, ...rest } = SealedConnection.parse(JSON.parse(text));
    return this.dialer.dial(name, { ...rest, ...(tlsServerName && { tlsServerName }) });
  }

  /** A shared client for reading, kept open while it is used. Null when the cluster is not known. */
  async forReading(name: string): Promise<ClusterClient | null> {
    const cluster = await this.store.byName(this.database, name);
    if (!cluster) return null;
    const credential = `${cluster.credentialName}/${cluster.credentialVersion}`;
    const kept = this.kept.get(name);
    if (kept?.credential === credential) {
      kept.idle.refresh();
      return kept.client;
    }
    if (kept) await this.drop(name, kept);
    const client = await this.open(cluster);
    const idle = setTimeout(() => void this.drop(name, entry), keptForMs).unref();
    const entry: Kept = { client, credential, idle };
    // Somebody else may have opened one meanwhile; the later one stays, the earlier one ends with its idle time.
    this.kept.set(name, entry);
    return client;
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.kept].map(([name, kept]) => this.drop(name, kept)));
  }

  private async drop(name: string, kept: Kept): Promise<void> {
    clearTimeout(kept.idle);
    if (this.kept.get(name) === kept) this.kept.delete(name);
    await kept.client.close().catch(() => undefined);
  }
}
