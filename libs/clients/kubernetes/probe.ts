/** Answer of an anonymous look at `/readyz`. 401 and 403 over verified TLS mean: it is there. */
export type ReadyzProbe =
  | { readonly kind: 'ok'; readonly latencyMs: number }
  | { readonly kind: 'unauthorized_but_reachable'; readonly latencyMs: number }
  | { readonly kind: 'unhealthy'; readonly latencyMs: number; readonly detail: string }
  | { readonly kind: 'tls'; readonly latencyMs: number; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly latencyMs: number; readonly detail: string };

export interface ReadyzTarget {
  readonly server: string;
  readonly caPem: string;
  readonly tlsServerName?: string;
  readonly timeoutMs: number;
}
