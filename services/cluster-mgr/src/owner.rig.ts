import { ownerHttp, type OwnerHttp } from '@berth/testing';
import { AppModule } from './app.module.js';
import { ProbeLoop } from './cluster/probe-loop.js';
import { loadConfig } from './config.js';
import { migrations } from './migrations/index.js';

/** The HTTP side of cluster-mgr. It probes nobody: the made-up addresses of a spec would be found silent. */
export async function startOwner(): Promise<OwnerHttp> {
  const http = await ownerHttp({ service: 'cluster-mgr', module: AppModule, migrations, config: loadConfig });
  await http.app.get(ProbeLoop).onModuleDestroy();
  return http;
}
