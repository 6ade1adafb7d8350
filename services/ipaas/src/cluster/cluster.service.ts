import { isClusterError, parseKubeconfig, type ClusterConnection } from '@berth/clients/kubernetes';
import type { ClusterStateData } from '@berth/contracts';
import { InjectConfig } from '@berth/platform/bootstrap';
import { refuse } from '@berth/platform/errors';
import { Database, type Tx } from '@berth/platform/postgres';
import { Seal } from '@berth/platform/seal';
import { Injectable } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { registryOf } from '../image/image.js';
import { ClusterDialer } from './cluster-clients.js';
import { credentialBinding } from './cluster.js';
import { ClusterStore } from './cluster.store.pg.js';
import { askCluster, checksOf, refusedChecks, type Check, type ClusterCredential } from './kubeconfig-check.js';

const checkTimeoutMs = 8_000;

/** Credentials of workload clusters, and what cluster-mgr says of the clusters. */
@Injectable()
export class ClusterService {
  constructor(
    private readonly database: Database,
    private readonly store: ClusterStore,
    private readonly seal: Seal,
    private readonly dialer: ClusterDialer,
    @InjectConfig() private readonly config: IpaasConfig,
  ) {}

  /** Takes over what cluster-mgr says; null: the cluster was removed. */
  async changed(name: string, state: ClusterStateData | null, tx: Tx): Promise<void> {
    if (state) await this.store.save(tx, state);
    else await this.store.remove(tx, name);
  }

  /** Checks a kubeconfig against its cluster and seals it when nothing speaks against it. The answer has no secret. */
  async sealCredential(name: string, kubeconfig: string, userName: string): Promise<ClusterCredential> {
    const parsed = parseKubeconfig(kubeconfig);
    if (parsed.kind === 'refused') throw refuse('kubeconfig_invalid', { reason: parsed.detail, code: parsed.code });
    const { connection } = parsed;
    const checks = await this.check(name, connection);
    const isUsable = checks.every(({ state }) => state !== 'failed');
    return {
      credential: isUsable ? { name, version: await this.keep(name, connection, userName) } : null,
      apiServer: connection.server,
      caPem: connection.caPem,
      checks,
    };
  }

  private async check(name: string, connection: ClusterConnection): Promise<Check[]> {
    const { BERTH_INSTALLATION_ID: installationId, BERTH_OFFERED_IMAGES: offered } = this.config;
    const projectSlugs = await this.store.projectSlugs(this.database);
    const used = await this.store.registries(this.database);
    const registries = [...new Set([...used, ...offered.map(registryOf)])].sort();
    const client = this.dial(name, connection);
    try {
      const answers = await askCluster(client, AbortSignal.timeout(checkTimeoutMs));
      return checksOf(answers, { installationId, projectSlugs, registries });
    } catch (error) {
      if (!isClusterError(error)) throw error;
      return refusedChecks(error);
    } finally {
      await client.close();
    }
  }

  private dial(name: string, connection: ClusterConnection) {
    try {
      return this.dialer.dial(name, connection);
    } catch (error) {
      if (!isClusterError(error)) throw error;
      throw refuse('kubeconfig_invalid', { reason: error.message });
    }
  }

  private keep(name: string, connection: ClusterConnection, userName: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      const version = await this.store.nextVersion(tx, name);
      const sealed = this.seal.seal(JSON.stringify(connection), credentialBinding(name, version));
      await this.store.saveCredential(tx, name, version, sealed, userName);
      return version;
    });
  }
}
