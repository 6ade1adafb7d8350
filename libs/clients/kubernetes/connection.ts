/** How to reach and prove oneself to one cluster. TLS is always verified against `caPem`. */
export interface ClusterConnection {
  /** `https://host:port`, with a path when the cluster is behind one. */
  readonly server: string;
  readonly caPem: string;
  /** Name that the certificate must carry, when it is not the host of `server`. */
  readonly tlsServerName?: string;
  readonly credential: ClusterCredential;
}

export type ClusterCredential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'certificate'; readonly certPem: string; readonly keyPem: string };

export type KubeconfigProblem =
  | 'not_a_kubeconfig'
  | 'no_current_context'
  | 'insecure_tls'
  | 'no_ca'
  | 'file_path'
  | 'proxy'
  | 'impersonation'
  | 'plugin'
  | 'no_credential'
  | 'not_https';

/** `detail` names the part that is wrong and never quotes a secret. */
export type ParsedKubeconfig =
  | { readonly kind: 'ok'; readonly connection: ClusterConnection; readonly context: string }
  | { readonly kind: 'refused'; readonly code: KubeconfigProblem; readonly detail: string };
