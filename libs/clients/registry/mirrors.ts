/** Where a registry host is really reached: `registry.berth.local:5000` → `http://127.0.0.1:5000`. */
export type HostMirrors = Readonly<Record<string, string>>;

/**
 * Reads `host=url,host=url`. Only a host named here is ever asked over plain HTTP.
 * Throws RangeError for a part that is not `host=http(s)://host[:port]`.
 */
export function parseHostMirrors(text: string): HostMirrors {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  return Object.fromEntries(
    parts.map((part) => {
      const [host = '', url = ''] = part.split(/=(.*)/s);
      const isUrl = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).pathname === '/';
      if (!/^[\w.[\]:-]+$/.test(host) || !isUrl) throw new RangeError(`not host=http(s)://host[:port]: ${part}`);
      return [host, new URL(url).origin];
    }),
  );
}

/** Address of the registry API for a host of an image name. */
export function registryOrigin(host: string, mirrors: HostMirrors): string {
  return mirrors[host] ?? (host === 'docker.io' ? 'https://registry-1.docker.io' : `https://${host}`);
}
