import { routes, type ResponseOf } from '@berth/api';
import { Input, Serves, type ServedInput } from '@berth/platform/http';
import { Controller } from '@nestjs/common';
import { ImageService } from './image.service.js';

@Controller()
export class ImageHttp {
  constructor(private readonly images: ImageService) {}

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
