import type { KnownImage } from '@berth/api';
import { InjectConfig } from '@berth/platform/bootstrap';
import { Clock } from '@berth/platform/clock';
import type { Identity } from '@berth/platform/identity';
import { Database } from '@berth/platform/postgres';
import { Injectable } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { Shared } from '../metrics/shared.js';
import { ImageService } from './image.service.js';
import { knownImages, type OfferedImage } from './known-images.js';
import { KnownImagesStore } from './known-images.store.pg.js';

/** New versions of an offered image are seen after this long; open forms ask their registry once. */
const keptForMs = 30_000;

/** Images to choose from, for the form. */
@Injectable()
export class KnownImagesService {
  private readonly offered: Shared<OfferedImage[]>;

  constructor(
    private readonly database: Database,
    private readonly store: KnownImagesStore,
    private readonly images: ImageService,
    @InjectConfig() private readonly config: Pick<IpaasConfig, 'BERTH_OFFERED_IMAGES'>,
    clock: Clock,
  ) {
    this.offered = new Shared(keptForMs, () => clock.now().getTime());
  }

  async list(project: string | undefined, { scopes }: Pick<Identity, 'scopes'>): Promise<KnownImage[]> {
    const [running, offered] = await Promise.all([
      this.store.running(this.database, scopes === 'all' ? null : scopes),
      this.offered.get('all', () => this.askOffered()),
    ]);
    return knownImages(running, offered, project ?? null);
  }

  private askOffered(): Promise<OfferedImage[]> {
    return Promise.all(
      this.config.BERTH_OFFERED_IMAGES.map(async (repository) => ({
        repository,
        tags: await this.images.publicTags(repository),
      })),
    );
  }
}
