/** How a health check asks, as the settings say it. */
export interface ProbeFacts {
  readonly probe: 'http' | 'tcp' | 'command';
  readonly port: number | null;
  readonly path: string | null;
}

/** What the release that is judged asks for. Names of variables only: no value ever comes in here. */
export interface SpecFacts {
  readonly image: string;
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  /** What the cluster sets aside for one container; null where its share is not known. */
  readonly request: { readonly cpuMillis: number; readonly memoryMiB: number } | null;
  readonly readiness: ProbeFacts | null;
  readonly liveness: ProbeFacts | null;
  readonly variables: readonly string[];
}

/** A container that has not ended, in the portal's states, with the cluster's own words. */
export interface ContainerFacts {
  readonly cluster: string;
  readonly name: string;
  readonly release: number | null;
  readonly state:
    | 'pending'
    | 'pulling'
    | 'starting'
    | 'running'
    | 'not_ready'
    | 'crash_looping'
    | 'image_error'
    | 'terminating'
    | 'ended'
    | 'unknown';
  readonly detail: string | null;
  readonly ready: boolean;
  readonly restarts: number;
  readonly restartsLast10Minutes: number;
  readonly createdAt: string;
  /** How the run before this one ended, or this one when it has. */
  readonly lastEnd: {
    readonly exitCode: number | null;
    readonly reason: string | null;
    readonly at: string | null;
    /** How long that run lasted. */
    readonly ranSeconds?: number | null;
  } | null;
}

export interface EventFacts {
  readonly cluster: string;
  readonly object: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastAt: string | null;
}

/** Everything that is known of a service that may not be well. What is not known is empty or null. */
export interface Facts {
  /** The release whose containers are judged. */
  readonly release: number | null;
  readonly desired: number;
  readonly ready: number;
  readonly unreadySince: string | null;
  readonly spec: SpecFacts | null;
  readonly containers: readonly ContainerFacts[];
  readonly events: readonly EventFacts[];
  /** A cluster refuses what is written to it. */
  readonly refusals: readonly { readonly cluster: string; readonly code: string; readonly detail: string | null }[];
  /** Clusters that have not been heard of, and since when. */
  readonly silent: readonly { readonly cluster: string; readonly since: string | null }[];
  /** Last lines of the run that ended, or of the present one, of the container that speaks. */
  readonly log: readonly string[];
  readonly peakMemoryMiB: number | null;
  /** Number of the last other release that became ready everywhere. */
  readonly lastGood: number | null;
  /** The release that is judged was itself ready everywhere once. */
  readonly wasGood: boolean;
}
