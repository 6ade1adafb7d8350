import { bootstrap } from '@berth/platform/bootstrap';
import { AppModule } from './app.module.js';
import { loadConfig } from './config.js';

await bootstrap({ service: 'nginx-mgr', module: AppModule, migrations: [], config: loadConfig() });
