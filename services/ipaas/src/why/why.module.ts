import { Module } from '@nestjs/common';
import { WhyHttp } from './why.http.controller.js';

/** Why a service is not well. */
@Module({ controllers: [WhyHttp] })
export class WhyModule {}
