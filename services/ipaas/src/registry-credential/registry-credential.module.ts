import { Module } from '@nestjs/common';
import { RegistryCredentialHttp } from './registry-credential.http.controller.js';
import { RegistryCredentialService } from './registry-credential.service.js';
import { RegistryCredentialStore } from './registry-credential.store.pg.js';

/** Sealed logins of private image registries. */
@Module({
  controllers: [RegistryCredentialHttp],
  providers: [RegistryCredentialStore, RegistryCredentialService],
  exports: [RegistryCredentialStore, RegistryCredentialService],
})
export class RegistryCredentialModule {}
