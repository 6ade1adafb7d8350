import { Module } from '@nestjs/common';
import { TargetStore } from './target.store.pg.js';

/** The border between what services want and what clusters do. */
@Module({ providers: [TargetStore], exports: [TargetStore] })
export class TargetModule {}
