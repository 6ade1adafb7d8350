import { openFeed, type FeedMessage } from './source.js';

/** All tabs of a browser share this connection. A tab that closes says so; after the last one the feed is closed. */
const ports = new Set<MessagePort>();
let lastStatus: FeedMessage | null = null;
let close: (() => void) | null = null;

function broadcast(message: FeedMessage): void {
  if (message.type === 'status') lastStatus = message;
  for (const port of ports) port.postMessage(message);
}

addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0];
  if (!port) return;
  ports.add(port);
  port.onmessage = () => {
    ports.delete(port);
    if (ports.size > 0) return;
    close?.();
    close = null;
    lastStatus = null;
  };
  if (lastStatus) port.postMessage(lastStatus);
  close ??= openFeed(broadcast);
});
