import 'reflect-metadata';
import { bootstrap } from '@berth/platform/bootstrap';
import { AppModule } from './app.module.js';
import { readIpaasConfig } from './config.js';
import { migrations } from './migrations/index.js';

await bootstrap({ service: 'ipaas', module: AppModule, migrations, config: readIpaasConfig() });
