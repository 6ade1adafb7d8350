import { Module } from '@nestjs/common';
import { TryHttp } from './try.http.controller.js';
import { TryService } from './try.service.js';
import { TryStore } from './try.store.pg.js';

/** A request by the platform to a service, for who wants to see that it answers. */
@Module({ controllers: [TryHttp], providers: [TryStore, TryService] })
export class TryModule {}
