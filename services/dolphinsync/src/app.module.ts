import { Module } from '@nestjs/common';
import { CmdbHttp } from './cmdb/cmdb.http.controller.js';
import { CmdbReader } from './cmdb/cmdb.reader.js';
import { CmdbPushes } from './cmdb/cmdb.service.js';

@Module({ controllers: [CmdbHttp], providers: [CmdbPushes, CmdbReader] })
export class AppModule {}
