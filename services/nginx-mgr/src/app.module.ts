import { Module } from '@nestjs/common';

/** No features yet: the service starts, tells its health and has its own database. */
@Module({})
export class AppModule {}
