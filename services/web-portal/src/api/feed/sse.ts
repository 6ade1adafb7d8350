/** One event of a `text/event-stream`. A comment (heartbeat) has no data and the name `comment`. */
export interface SseEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
}

/** Cuts a stream of text into events. Give it chunks as they come; it keeps what is not complete. */
export function sseParser(): (chunk: string) => SseEvent[] {
  let rest = '';
  let event = 'message';
  let data: string[] = [];
  let id: string | null = null;
  return (chunk) => {
    const events: SseEvent[] = [];
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) events.push({ event, data: data.join('\n'), id });
        event = 'message';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      if (colon === 0) {
        events.push({ event: 'comment', data: '', id: null });
        continue;
      }
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id') id = value;
    }
    return events;
  };
}
