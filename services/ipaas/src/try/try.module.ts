import { Module } from '@nestjs/common';
import { TryHttp } from './try.http.controller.js';

/** A request by the platform to a service, for who wants to see that it answers. */
@Module({ controllers: [TryHttp] })
export class TryModule {}
