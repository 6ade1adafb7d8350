import { z } from 'zod';
import { IsoTime, Uid } from './names.js';
import { isPlainText } from './text.js';

/** Text that every table can hold: what is in an envelope is kept by whoever reads it. */
const text = (most: number) => z.string().max(most).refine(isPlainText);

/** Who asked for a change, as a record. It is never authority: commands are trusted by topic. */
export const Actor = z.object({
  id: text(100),
  /** What people call them. */
  name: text(100),
  /** What they log in with, when that is another name. */
  username: text(100).optional(),
  channel: z.enum(['portal', 'api', 'cmdb', 'system']),
});
export type Actor = z.infer<typeof Actor>;

/**
 * CloudEvents 1.0 attributes and Berth's extensions of one message. On Kafka they travel as `ce_*` headers (binary
 * mode) and the record's value is `data` as JSON; the record's key is `subject`.
 */
export const Envelope = z.object({
  /** Unique with `source`; what the inbox remembers. */
  id: Uid,
  /** Name of the sending service. */
  source: text(40).min(1),
  /** Row of the catalogue, e.g. `ipaas.service.deploy.v1`. */
  type: text(120).min(1),
  time: IsoTime,
  /** Aggregate id: the scope path, and the Kafka key. */
  subject: text(200).min(1),
  /** Incarnation of the aggregate: a service that is deleted and made again has the same subject and another uid. */
  uid: Uid.optional(),
  /** Per source, stream and key; rises by one, never starts again. Consumers drop what is not above what they saw. */
  sequence: z.number().int().positive(),
  correlationId: text(100).min(1),
  /** Id of the message that caused this one. */
  causationId: text(100).optional(),
  operationId: Uid.optional(),
  actor: Actor.optional(),
  traceparent: text(60).optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** A parsed message: its envelope and its data. `data` is null only for the tombstone of a state stream. */
export interface Message<Data> {
  readonly envelope: Envelope;
  readonly data: Data;
}
