/** What an answer of the platform means for a step of the sample's history. */

/** Asked again: the platform is busy, starting, or not there for a moment. Nothing was decided about the request. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Right after a push the others may not have heard of the project yet; without its business line a role does not reach it. */
const earlyCodes = ['unknown_project', 'project_retired', 'unregistered_service', 'forbidden', 'not_found'];
export function isEarly(code: string): boolean {
  return earlyCodes.includes(code);
}

/**
 * Somebody was quicker: they deleted, renamed or changed what the step is about. A history that is played beside a person who
 * looks around goes on without it.
 */
const overtakenCodes = [
  'not_found',
  'nothing_to_do',
  'stale_version',
  'service_deleting',
  'service_paused',
  'name_taken',
];
export function isOvertaken(code: string): boolean {
  return overtakenCodes.includes(code);
}
