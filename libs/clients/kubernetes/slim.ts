/** State of a container: exactly one of the three, or none while the kubelet has said nothing. */
export interface ContainerState {
  readonly waiting?: { readonly reason: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: Termination;
}

export interface Termination {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode: number;
  readonly signal?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** What is kept of a pod. Container fields are those of its first container, which is the service's. Times RFC 3339. */
export interface SlimPod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly resourceVersion: string;
  /** Labels that start with `berth.dev/`. */
  readonly labels: Readonly<Record<string, string>>;
  /** `berth.dev/service-uid`. */
  readonly serviceUid?: string;
  /** `berth.dev/release`, as text. */
  readonly release?: string;
  readonly node?: string;
  readonly podIp?: string;
  readonly hostIp?: string;
  readonly phase: string;
  /** Reason of the pod itself: `Evicted`, … */
  readonly reason?: string;
  readonly ready: boolean;
  readonly readySince?: string;
  /** False with a reason while no node takes it: `Unschedulable` and the scheduler's words. */
  readonly unscheduled?: { readonly reason: string; readonly message?: string };
  readonly container?: string;
  readonly restarts: number;
  readonly state: ContainerState;
  readonly lastTermination?: Termination;
  readonly image?: string;
  readonly imageId?: string;
  readonly createdAt: string;
  readonly deletionTimestamp?: string;
  /** `ReplicaSet`, `Job`, …; left out for a bare pod. */
  readonly ownerKind?: string;
  readonly ownerName?: string;
  /** Sum over the pod's containers: what it reserves on its node. */
  readonly requests: { readonly cpuMillis: number; readonly memoryMiB: number };
}

export interface SlimCondition {
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly since?: string;
}

export interface SlimDeployment {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly resourceVersion: string;
  /** Labels that start with `berth.dev/`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Annotations that start with `berth.dev/`. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceUid?: string;
  readonly release?: string;
  readonly templateHash?: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly paused: boolean;
  readonly replicas: {
    readonly spec: number;
    readonly total: number;
    readonly updated: number;
    readonly ready: number;
    readonly available: number;
  };
  readonly progressing?: SlimCondition;
  readonly available?: SlimCondition;
  /** Live image of the first container. */
  readonly image?: string;
  /** Managers other than `berth` that own these fields now: who edited by hand. */
  readonly foreignManagers: {
    readonly replicas?: FieldOwner;
    readonly image?: FieldOwner;
  };
  readonly createdAt: string;
  readonly deletionTimestamp?: string;
}

export interface FieldOwner {
  readonly manager: string;
  readonly at?: string;
}

export interface SlimNode {
  readonly uid: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  readonly architecture: string;
  readonly kubeletVersion: string;
  /** Of the kernel's last start: nodes with the same one run on the same machine, also of different clusters. */
  readonly bootId?: string;
  readonly internalIp?: string;
  readonly site?: string;
  readonly allocatable: { readonly cpuMillis: number; readonly memoryMiB: number; readonly pods: number };
  readonly createdAt: string;
}

export interface SlimNamespace {
  readonly uid: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly phase: string;
  readonly createdAt: string;
  readonly deletionTimestamp?: string;
}

export interface SlimEvent {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstSeen?: string;
  readonly lastSeen?: string;
  readonly about: { readonly kind: string; readonly name: string; readonly uid?: string };
  readonly source?: string;
}
