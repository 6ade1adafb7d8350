import { ownerHttp, type OwnerHttp } from '@berth/testing';
import { AppModule } from './app.module.js';
import { readIpaasConfig } from './config.js';
import { migrations } from './migrations/index.js';

/** The HTTP side of ipaas. */
export function startOwner(): Promise<OwnerHttp> {
  return ownerHttp(
    { service: 'ipaas', module: AppModule, migrations, config: readIpaasConfig },
    {
      BERTH_SEAL_KEY: Buffer.alloc(32, 1).toString('base64'),
      BERTH_REGISTRY_MIRRORS: 'registry.example:5000=http://127.0.0.1:5000',
    },
  );
}
