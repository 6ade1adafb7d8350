import type { ProblemKind } from './kind.js';

/** Pushes of the CMDB, and decisions about what they say. */
export const cmdbProblems = {
  cmdb_version_reused: {
    status: 422,
    title: 'The version was used before',
    detail: 'Version {version} of {source} was pushed before with another content.',
    actor: 'you',
    stillWorks: 'Nothing was changed; what was applied before stays.',
    todo: 'Push it under a higher version.',
  },
  cmdb_out_of_order: {
    status: 409,
    title: 'A push is missing in between',
    detail: 'The delta is made on version {base} of {source}; version {current} is what was applied last.',
    actor: 'you',
    stillWorks: 'Nothing was changed; what was applied before stays.',
    todo: 'Send the deltas that are missing in their order, or a full snapshot.',
  },
  cmdb_source_removed: {
    status: 409,
    title: 'The source was removed',
    detail: '{source} is a sample that was removed here, so its pushes are not applied.',
    actor: 'you',
    todo: 'Restore the sample first, or push under another source.',
  },
  not_this_source: {
    status: 403,
    title: 'A token of another source',
    detail: 'This token may push for {only} and not for {source}.',
    actor: 'you',
    stillWorks: 'Nothing was changed.',
    todo: 'Push under the source of the token, or use the token of this source.',
  },
  not_a_sample: {
    status: 409,
    title: 'Not a sample',
    detail: '{source} is not marked as a sample; only samples are removed as a whole.',
    actor: 'you',
    todo: 'Have the CMDB push without the rows that should go.',
  },
  already_decided: {
    status: 409,
    title: 'Decided already',
    detail: 'Somebody decided meanwhile, or the CMDB names it again.',
    actor: 'you',
    todo: 'Look at the list again.',
  },
} as const satisfies Record<string, ProblemKind>;
