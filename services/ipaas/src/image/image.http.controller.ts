import { routes, type ResponseOf } from '@berth/api';
import { Caller, Input, Serves, type ServedInput } from '@berth/platform/http';
import type { Identity } from '@berth/platform/identity';
import { Controller } from '@nestjs/common';
import { ImageService } from './image.service.js';
import { KnownImagesService } from './known-images.service.js';

@Controller()
export class ImageHttp {
  constructor(
    private readonly images: ImageService,
    private readonly known: KnownImagesService,
  ) {}

  @Serves(routes.listImages)
  async listImages(
    @Input() { query }: ServedInput<typeof routes.listImages>,
    @Caller() caller: Identity,
  ): Promise<ResponseOf<typeof routes.listImages>> {
    return { items: await this.known.list(query.project, caller), continue: null };
  }

  @Serves(routes.resolveImage)
  async resolveImage(
    @Input() { params, body }: ServedInput<typeof routes.resolveImage>,
  ): Promise<ResponseOf<typeof routes.resolveImage>> {
    const { image: name, registryCredential } = body;
    const asked = { image: name, ...(registryCredential && { registryCredential }) };
    const image = await this.images.resolve(params, asked);
    return { image, tags: await this.images.tags(params, asked) };
  }
}
