import type { ClusterError } from './errors.js';
import type { Kind } from './kinds.js';

/** Turns what a cluster sends into the small row that is kept. Throws for an object it does not understand. */
export interface Projection<Row> {
  readonly kind: Kind;
  /** `metadata.managedFields` is most of an object; it is cut away before parsing unless it is asked for. */
  readonly keepManagedFields?: boolean;
  readonly project: (object: unknown) => Row;
}

/** Callbacks are called one at a time and must not block; one that throws is reported to `onTrouble`. */
export interface WatchOptions<Row> {
  readonly projection: Projection<Row>;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** After every complete list: the rows replace all rows known before (what is not here was deleted unseen). */
  readonly onSynced: (rows: readonly Row[]) => void;
  /** Added or changed since. */
  readonly onUpsert: (row: Row) => void;
  /** Deleted since; the row is its last state. */
  readonly onRemove: (row: Row) => void;
  /** Connection lost, object not understood, callback threw: for logs and counters. The watch goes on by itself. */
  readonly onTrouble?: (error: ClusterError) => void;
}

/** A running list and watch. */
export interface Watch {
  /** When the cluster last said anything (rows, bookmarks, an ended list), epoch ms; 0 before the first word. */
  readonly lastHeardAtMs: () => number;
  /**
   * What was told is complete up to this time, epoch ms; 0 before the first list. It is now while the connection stands,
   * also when the cluster has nothing to say: a connection that is silent for longer than a bookmark may take is cut.
   * It stands still while the watch cannot follow.
   */
  readonly currentAtMs: () => number;
  /** True once the first list is complete; stays true over reconnections. */
  readonly isSynced: () => boolean;
  /** Full lists made so far: more than 1 means that a position had expired. */
  readonly lists: () => number;
  /** No callback after this call has returned. Safe to repeat. */
  readonly stop: () => Promise<void>;
}
