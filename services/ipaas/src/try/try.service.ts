import { missing, type TryAnswer } from '@berth/api';
import { ProblemError, refuse } from '@berth/platform/errors';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import { ask } from './ask.js';
import { doorOf } from './try.js';
import { TryStore } from './try.store.pg.js';

/** Asks a service itself, for who wants to see that it answers. */
@Injectable()
export class TryService {
  constructor(
    private readonly database: Database,
    private readonly store: TryStore,
  ) {}

  async ask(
    key: string,
    wanted: { readonly port: number; readonly path: string; readonly cluster?: string | undefined },
  ): Promise<TryAnswer> {
    const service = await this.store.spec(this.database, key);
    if (!service) throw refuse('not_found', missing('service', key));
    const door = doorOf(service.spec, await this.store.doors(this.database, service.uid), wanted);
    if ('code' in door) throw new ProblemError(door);
    const { cluster, container, host, port } = door;
    const said = await ask({ host, port, path: wanted.path });
    return { cluster, container, address: `${host}:${port}`, ...said };
  }
}
