export type FindingKind =
  | 'out_of_memory'
  | 'readiness_failing'
  | 'liveness_failing'
  | 'exits_normally'
  | 'variable_missing'
  | 'config_missing'
  | 'dependency_unresolved'
  | 'dependency_unreachable'
  | 'command_not_found'
  | 'user_not_allowed'
  | 'image_not_found'
  | 'image_unauthorized'
  | 'image_wrong_architecture'
  | 'image_invalid'
  | 'registry_unreachable'
  | 'no_capacity'
  | 'unschedulable'
  | 'quota'
  | 'cluster_silent'
  | 'cluster_refuses'
  | 'crash'
  | 'unknown';

export type ProofCode =
  | 'exit_code'
  | 'signal'
  | 'restarts'
  | 'memory_limit'
  | 'memory_peak'
  | 'probe'
  | 'probe_said'
  | 'log_line'
  | 'event'
  | 'cluster_said'
  | 'silent_since'
  | 'ran_for'
  | 'well_before'
  | 'well_until'
  | 'ready_count';

export type ActionCode =
  | 'edit_settings'
  | 'add_variable'
  | 'raise_memory'
  | 'edit_probe'
  | 'rollback'
  | 'open_log'
  | 'open_events'
  | 'open_cluster';

export type Confidence = 'certain' | 'likely' | 'possible';
export type Params = Record<string, string | number | boolean | null>;

export interface Proof {
  readonly code: ProofCode;
  readonly params: Params;
}
export interface Action {
  readonly code: ActionCode;
  readonly params: Params;
}

/** Why a service is not well, as data: whoever shows it has the words. */
export interface Finding {
  readonly kind: FindingKind;
  readonly params: Params;
  readonly confidence: Confidence;
  readonly cluster: string | null;
  readonly container: string | null;
  readonly since: string | null;
  readonly proof: Proof[];
  readonly lastGood: number | null;
  /** At most three, the best first. */
  readonly actions: Action[];
}

/** What one rule says: the rest of a finding follows from it. */
export interface Diagnosis {
  readonly kind: FindingKind;
  readonly params?: Params;
  readonly confidence: Confidence;
  readonly proof: readonly Proof[];
}
