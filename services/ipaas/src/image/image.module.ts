import { createRegistryClient } from '@berth/clients/registry';
import { CONFIG } from '@berth/platform/bootstrap';
import { Module } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { RegistryCredentialModule } from '../registry-credential/registry-credential.module.js';
import { ImageHttp } from './image.http.controller.js';
import { ImageService, REGISTRY } from './image.service.js';
import { KnownImagesService } from './known-images.service.js';
import { KnownImagesStore } from './known-images.store.pg.js';

/** What image names mean, asked of their registries. */
@Module({
  imports: [RegistryCredentialModule],
  controllers: [ImageHttp],
  providers: [
    ImageService,
    KnownImagesService,
    KnownImagesStore,
    {
      provide: REGISTRY,
      inject: [CONFIG],
      useFactory: (config: IpaasConfig) => createRegistryClient({ mirrors: config.BERTH_REGISTRY_MIRRORS }),
    },
  ],
  exports: [ImageService],
})
export class ImageModule {}
