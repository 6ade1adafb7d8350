import { Database } from '@berth/platform/postgres';
import { Module } from '@nestjs/common';
import { SecretModule } from '../secret/secret.module.js';
import { SecretService } from '../secret/secret.service.js';
import { SecretOpener } from './secret-opener.js';

/** From a release to objects in a cluster. */
@Module({
  imports: [SecretModule],
  providers: [
    {
      provide: SecretOpener,
      inject: [Database, SecretService],
      useFactory: (database: Database, secrets: SecretService): SecretOpener => ({
        open: (serviceUid, name, version) => secrets.open(database, serviceUid, name, version),
      }),
    },
  ],
  exports: [SecretOpener],
})
export class WorkloadModule {}
