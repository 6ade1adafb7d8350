import { Module } from '@nestjs/common';
import { Causes } from './causes.js';
import { WhyStore } from './why.store.pg.js';

/** Why services are not well, as far as tables tell. */
@Module({ providers: [WhyStore, Causes], exports: [WhyStore, Causes] })
export class CauseModule {}
