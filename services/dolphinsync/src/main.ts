import { bootstrap } from '@berth/platform/bootstrap';
import { AppModule } from './app.module.js';
import { loadConfig } from './config.js';
import { migrations } from './migrations/index.js';

/** A snapshot of 200,000 services is about 40 MiB. */
const bodyLimitBytes = 64 * 1024 * 1024;

await bootstrap({ service: 'dolphinsync', module: AppModule, migrations, config: loadConfig(), bodyLimitBytes });
