import { Module } from '@nestjs/common';
import { SecretHttp } from './secret.http.controller.js';
import { SecretService } from './secret.service.js';
import { SecretStore } from './secret.store.pg.js';

/** Sealed variables of services. */
@Module({ controllers: [SecretHttp], providers: [SecretStore, SecretService], exports: [SecretStore, SecretService] })
export class SecretModule {}
