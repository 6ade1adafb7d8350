import { Module } from '@nestjs/common';
import { CmdbRecordHttp } from './cmdb-record.http.controller.js';
import { CmdbRecordLoop } from './cmdb-record.loop.js';
import { CmdbRecordService } from './cmdb-record.service.js';
import { CmdbRecordStore } from './cmdb-record.store.pg.js';

/** What the CMDB takes back of what runs (light container records). */
@Module({
  controllers: [CmdbRecordHttp],
  providers: [CmdbRecordStore, CmdbRecordService, CmdbRecordLoop],
})
export class CmdbRecordModule {}
