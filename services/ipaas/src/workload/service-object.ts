import { berthAnnotations, type KubeObject } from '@berth/clients/kubernetes';
import { z } from 'zod';
import type { SlimService } from './slim-service.js';
import { stableJson } from './stable-hash.js';

const wantedSchema = z.object({
  type: z.string(),
  selector: z.record(z.string(), z.string()),
  ports: z.array(z.object({ name: z.string(), port: z.number(), targetPort: z.union([z.number(), z.string()]) })),
});

/** True when the live Service does what the rendered one asks; ports and addresses that the cluster chose are its own. */
export function serviceMatches(rendered: KubeObject, live: SlimService): boolean {
  const wanted = wantedSchema.parse(rendered['spec']);
  const hash = rendered.metadata.annotations?.[berthAnnotations.templateHash];
  const ports = live.ports.map(({ name, port, targetPort }) => ({ name, port, targetPort }));
  const same = { type: live.type, selector: live.selector, ports };
  return live.annotations[berthAnnotations.templateHash] === hash && stableJson(wanted) === stableJson(same);
}
