import { bootstrap } from '@berth/platform/bootstrap';
import { readConfig } from '@berth/platform/config';
import { AppModule } from './app.module.js';
import { gatewayConfig } from './config.js';
import { migrations } from './migrations/index.js';

await bootstrap({
  service: 'gateway',
  module: AppModule,
  migrations,
  config: readConfig(gatewayConfig),
  walksTable: true,
});
