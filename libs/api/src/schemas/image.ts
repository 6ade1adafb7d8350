import { ProjectSlug } from '@berth/contracts';
import { z } from 'zod';

export const ImagesQuery = z.strictObject({
  /** Images of this project come first. */
  project: ProjectSlug.optional(),
});

/** A repository that can be chosen without typing it. */
export const KnownImage = z.object({
  /** With its registry, without version. */
  repository: z.string(),
  /** Runs in the project, is offered to everybody, or runs elsewhere where the reader may look. */
  from: z.enum(['project', 'offered', 'elsewhere']),
  /** Newest first; `image` is the whole name, by digest where there is no tag. */
  versions: z.array(z.object({ tag: z.string().nullable(), image: z.string() })),
});
export type KnownImage = z.infer<typeof KnownImage>;
