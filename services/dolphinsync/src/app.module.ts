import { messageControllers } from '@berth/platform/bus';
import { CONFIG } from '@berth/platform/bootstrap';
import { Module } from '@nestjs/common';
import { CatalogueWriter } from './cmdb/catalogue-writer.js';
import { CmdbHttp } from './cmdb/cmdb.http.controller.js';
import { CmdbReader } from './cmdb/cmdb.reader.js';
import { CmdbPushes, retirementLimits } from './cmdb/cmdb.service.js';
import type { RetirementLimits } from './cmdb/retirement.js';
import type { DolphinsyncConfig } from './config.js';
import { MappingHttp } from './mapping/mapping.http.controller.js';
import { MappingService } from './mapping/mapping.service.js';
import { RunningMessages } from './running/running.messages.controller.js';
import { SourceHttp } from './source/source.http.controller.js';
import { SourceMessages } from './source/source.messages.controller.js';
import { SourceService } from './source/source.service.js';
import { VanishedHttp } from './vanished/vanished.http.controller.js';
import { VanishedService } from './vanished/vanished.service.js';

/** One module: pushes, decisions and removals change the same catalogue in their transactions. */
@Module({
  controllers: [
    CmdbHttp,
    VanishedHttp,
    SourceHttp,
    MappingHttp,
    ...messageControllers<'dolphinsync'>()(RunningMessages, SourceMessages),
  ],
  providers: [
    CatalogueWriter,
    CmdbPushes,
    CmdbReader,
    VanishedService,
    SourceService,
    MappingService,
    {
      provide: retirementLimits,
      inject: [CONFIG],
      useFactory: (config: DolphinsyncConfig): RetirementLimits => ({
        percent: config.BERTH_LARGE_RETIREMENT_PERCENT,
        percentFrom: config.BERTH_LARGE_RETIREMENT_PERCENT_FROM,
        rows: config.BERTH_LARGE_RETIREMENT_ROWS,
      }),
    },
  ],
})
export class AppModule {}
