import { z } from 'zod';

const Data = z.object({
  seq: z.number(),
  kind: z.string().optional(),
  key: z.string().optional(),
  version: z.number().optional(),
});

/** One server-sent event. */
export interface ReadEvent {
  readonly id: number | null;
  readonly event: string;
  readonly data: z.infer<typeof Data>;
}

/** Reads an event stream as a browser does. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  /** True once the server has ended the stream. */
  isEnded = false;
  private readonly controller = new AbortController();

  private constructor(readonly status: number) {}

  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<EventReader> {
    const controller = new AbortController();
    const response = await fetch(url, { headers, signal: controller.signal });
    const reader = new EventReader(response.status);
    reader.controller.signal.addEventListener('abort', () => controller.abort());
    void reader.read(response);
    return reader;
  }

  hints(): ReadEvent[] {
    return this.events.filter(({ event }) => event === 'message');
  }

  close(): void {
    this.controller.abort();
  }

  private async read(response: Response): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) if (!block.startsWith(':')) this.events.push(parse(block));
      }
    } catch {
      // Closed by us, or cut off.
    }
    this.isEnded = true;
  }
}

function parse(block: string): ReadEvent {
  const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  const id = fields.get('id');
  return {
    id: id === undefined ? null : Number(id),
    event: fields.get('event') ?? 'message',
    data: Data.parse(JSON.parse(fields.get('data') ?? 'null')),
  };
}
