/** What the supervisor runs. A unit is data plus a few functions that are safe to repeat. */

export type UnitGroup = 'prepare' | 'engine' | 'cluster' | 'service' | 'sample';

interface UnitBase {
  /** Unique, also the name of the log file: `postgres`, `beijing.kubelet`, `ipaas-1`. */
  name: string;
  /** What the check list prints. */
  title: string;
  group: UnitGroup;
  /** Units that must be ready first and that stop later. */
  needs: string[];
  /**
   * Units that go first when they are there at all, because others wait for them: only the order of a busy start, given up
   * at their first failure.
   */
  after?: string[];
  /** False: `up` does not wait for it and the platform counts as healthy without it. */
  gates?: boolean;
  /** Throws while not ready; the message is what `up` prints as the thing it waits for. */
  ready?(): Promise<void>;
}

/** A process that must always run. */
export interface ProcessUnit extends UnitBase {
  kind: 'process';
  /** Writes configuration files and says what to start. Called before every start. */
  process(): Promise<ProcessSpec>;
  /** After the process is gone for good (`down`), never before a restart. */
  afterStop?(): Promise<void>;
}

/** Something that has to be true: a network, a set of databases, an image in the registry. */
export interface TaskUnit extends UnitBase {
  kind: 'task';
  /** Makes it true; must be safe to repeat. `report` shows what it is busy with. */
  run(report: (detail: string) => void): Promise<void>;
  undo?(): Promise<void>;
}

export type Unit = ProcessUnit | TaskUnit;

export interface ProcessSpec {
  command: [string, ...string[]];
  /** The whole environment: nothing is inherited. Secrets travel here or in 0600 files, never in `command`. */
  env: Record<string, string>;
  cwd: string;
  /** Who runs it; the supervisor's own user when absent. */
  user?: User;
  /** Name of a network namespace made by `ip netns`. */
  netns?: string;
  /** Control group directories that the process joins before it becomes the command. */
  cgroups?: string[];
  stopSignal?: NodeJS.Signals;
  /** After this it is killed. */
  stopTimeoutMs?: number;
  /** Text that makes it a different process when it changes, such as the hash of a configuration file. */
  version?: string;
}

export interface User {
  name: string;
  uid: number;
  gid: number;
  home: string;
  /** Set when this user may not pass a folder above the checkout, such as /root. */
  view?: View;
}

/** A process with a view sees `hide` empty but for `show`, at the same paths. No other process sees a difference. */
export interface View {
  hide: string;
  show: string[];
}
