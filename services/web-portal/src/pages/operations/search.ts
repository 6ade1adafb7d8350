import { OperationKind } from '@berth/contracts';
import { z } from 'zod';

/** The address of the list of operations behind its scope. */
export const OperationsSearch = z.object({
  state: z.enum(['running', 'ended', 'failed']).optional().catch(undefined),
  kind: OperationKind.optional().catch(undefined),
  /** Id of who asked for them, or `me`. */
  actor: z.string().optional(),
  q: z.string().optional(),
  /** So many hours back. */
  hours: z.coerce.number().optional().catch(undefined),
  /** Ended today. */
  ended: z.enum(['today']).optional().catch(undefined),
});
export type OperationsSearch = z.infer<typeof OperationsSearch>;
