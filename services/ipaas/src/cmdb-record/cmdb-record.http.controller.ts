import { routes, type ResponseOf } from '@berth/api';
import { Input, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import { CmdbRecordService } from './cmdb-record.service.js';

@Controller()
export class CmdbRecordHttp {
  constructor(private readonly records: CmdbRecordService) {}

  @Serves(routes.listCmdbRecords)
  listCmdbRecords(
    @Input() { query }: ServedInput<typeof routes.listCmdbRecords>,
  ): Promise<ResponseOf<typeof routes.listCmdbRecords>> {
    return this.records.page(query);
  }
}
