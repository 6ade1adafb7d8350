import { Module } from '@nestjs/common';
import { RegistryCredentialHttp } from './registry-credential.http.controller.js';

/** Sealed logins of private image registries. */
@Module({ controllers: [RegistryCredentialHttp] })
export class RegistryCredentialModule {}
