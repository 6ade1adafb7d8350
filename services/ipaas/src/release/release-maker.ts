import { requestRatioOf } from '@berth/engines/sizing';
import { parseServiceKey } from '@berth/contracts';
import { InjectConfig } from '@berth/platform/bootstrap';
import type { Tx } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { renderRelease } from '../workload/render.js';
import type { NewRelease } from './release.js';
import { ReleaseStore } from './release.store.pg.js';

type Content = Omit<NewRelease, 'rendered' | 'rendererVersion' | 'result' | 'readyAt' | 'number'>;

/** Freezes a release: renders its objects with the renderer of today and writes them with it. */
@Injectable()
export class ReleaseMaker {
  constructor(
    private readonly releases: ReleaseStore,
    @InjectConfig() private readonly config: IpaasConfig,
  ) {}

  /** Returns the number it got. Needs the lock of the service's row. */
  async make(tx: Tx, key: string, name: string, content: Content): Promise<number> {
    const number = await this.releases.nextNumber(tx, content.serviceUid);
    const rendered = renderRelease({
      key,
      uid: content.serviceUid,
      name,
      release: number,
      spec: content.spec,
      image: content.image,
      requestRatio: requestRatioOf(parseServiceKey(key).environment),
      installationId: this.config.BERTH_INSTALLATION_ID,
    });
    const { rendererVersion } = rendered;
    await this.releases.insert(tx, { ...content, number, rendered, rendererVersion, result: 'pending', readyAt: null });
    return number;
  }
}
