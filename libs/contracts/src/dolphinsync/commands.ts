import { z } from 'zod';
import { commandStream, defineCommand } from '../kernel/define.js';

const sources = commandStream('dolphinsync', 'source', ['gateway']);
const Change = z.object({ source: z.string().min(1).max(60), cause: z.string().max(500).optional() });

export const removeSource = defineCommand('dolphinsync', {
  type: 'dolphinsync.source.remove.v1',
  stream: sources,
  schema: Change,
  key: (data) => data.source,
  summary: 'Retires everything a sample source named and asks for the deletion of the services that run of it.',
});

export const restoreSource = defineCommand('dolphinsync', {
  type: 'dolphinsync.source.restore.v1',
  stream: sources,
  schema: Change,
  key: (data) => data.source,
  summary:
    'Takes up again what the removal of a sample source retired. Its services are deployed again by whoever wants them.',
});
