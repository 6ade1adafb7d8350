import { Database } from '@berth/platform/postgres';
import { Module } from '@nestjs/common';
import { dockerConfigOf, scopeOfNamespace, versionsOf } from '../registry-credential/registry-credential.js';
import { RegistryCredentialModule } from '../registry-credential/registry-credential.module.js';
import { RegistryCredentialService } from '../registry-credential/registry-credential.service.js';
import { RegistryCredentialStore } from '../registry-credential/registry-credential.store.pg.js';
import { SecretModule } from '../secret/secret.module.js';
import { SecretService } from '../secret/secret.service.js';
import { RegistrySecretSource } from './registry-secrets.js';
import { SecretOpener } from './secret-opener.js';

/** From a release to objects in a cluster. */
@Module({
  imports: [SecretModule, RegistryCredentialModule],
  providers: [
    {
      provide: SecretOpener,
      inject: [Database, SecretService],
      useFactory: (database: Database, secrets: SecretService): SecretOpener => ({
        open: (serviceUid, name, version) => secrets.open(database, serviceUid, name, version),
      }),
    },
    {
      provide: RegistrySecretSource,
      inject: [Database, RegistryCredentialStore, RegistryCredentialService],
      useFactory: (
        database: Database,
        store: RegistryCredentialStore,
        credentials: RegistryCredentialService,
      ): RegistrySecretSource => ({
        versions: async () => versionsOf(await store.versions(database)),
        open: async (namespace, name) => {
          const login = await credentials.open(scopeOfNamespace(namespace), name);
          return { version: login.version, dockerConfig: dockerConfigOf(login) };
        },
      }),
    },
  ],
  exports: [SecretOpener, RegistrySecretSource],
})
export class WorkloadModule {}
