import { bootstrap } from '@berth/platform/bootstrap';
import { AppModule } from './app.module.js';
import { loadConfig } from './config.js';
import { migrations } from './migrations/index.js';

await bootstrap({ service: 'cluster-mgr', module: AppModule, migrations, config: loadConfig() });
