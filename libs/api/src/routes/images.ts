import { defineRoute } from '../route.js';
import { page } from '../schemas/common.js';
import { ImagesQuery, KnownImage } from '../schemas/image.js';
import { api } from './addresses.js';

/** Images to choose from. */
export const imageRoutes = {
  listImages: defineRoute({
    id: 'listImages',
    kind: 'read',
    method: 'GET',
    path: `${api}/images`,
    owner: 'ipaas',
    permission: 'service.read',
    scope: 'set',
    summary: 'Images with their versions: those of the project, those offered to everybody, and what runs elsewhere.',
    query: ImagesQuery,
    response: page(KnownImage),
  }),
} as const;
