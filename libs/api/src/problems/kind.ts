import type { Problem } from '@berth/contracts';

/** What there is to say about a problem before its parameters are known. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** English sentence; `{name}` is replaced by the parameter. The portal has the same sentences in its own languages, by code. */
  readonly detail: string;
  readonly actor: Problem['actor'];
  readonly todo?: string;
  readonly stillWorks?: string;
}
