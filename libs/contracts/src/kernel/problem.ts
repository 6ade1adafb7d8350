import { z } from 'zod';

/**
 * Why something was refused or failed, as data: the portal says it in the reader's language from `code` and `params`;
 * `detail` is the same in English for API users. On HTTP it is the body of `application/problem+json` (RFC 9457).
 */
export const Problem = z.object({
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  title: z.string(),
  detail: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** What still works, when that is worth saying. */
  stillWorks: z.string().optional(),
  /** Who must act: the user, nobody (wait), or the people who run the platform. */
  actor: z.enum(['you', 'wait', 'platform']),
  /** What to do. */
  todo: z.string().optional(),
  /** One row per bad field, or per cluster. */
  errors: z
    .array(
      z.object({
        path: z.string(),
        code: z.string(),
        message: z.string(),
        params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof Problem>;
