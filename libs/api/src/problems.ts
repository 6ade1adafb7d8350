import type { Problem } from '@berth/contracts';

type Params = NonNullable<Problem['params']>;

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** English sentence; `{name}` is replaced by the parameter. The portal has the same sentences in its own languages, by code. */
  readonly detail: string;
  readonly actor: Problem['actor'];
  readonly todo?: string;
  readonly stillWorks?: string;
}

/** Every problem the platform can answer with. The code is the promise; texts may be improved. */
export const problems = {
  bad_request: {
    status: 400,
    title: 'The request is not valid',
    detail: 'One or more fields are wrong; errors[] names each.',
    actor: 'you',
    todo: 'Correct the named fields and send it again.',
  },
  not_logged_in: {
    status: 401,
    title: 'Not logged in',
    detail: 'There is no session, or it has ended.',
    actor: 'you',
    todo: 'Log in.',
  },
  wrong_credentials: {
    status: 401,
    title: 'Wrong user name or password',
    detail: 'The user name and password do not belong together.',
    actor: 'you',
    todo: 'Check both, or ask an administrator to reset the password.',
  },
  password_change_required: {
    status: 403,
    title: 'The first password must be changed',
    detail: 'This account still has the password it was given.',
    actor: 'you',
    todo: 'Choose a password of your own.',
  },
  weak_password: {
    status: 422,
    title: 'The password is too weak',
    detail: 'A password needs at least {minLength} characters, must differ from the old one and from the user name.',
    actor: 'you',
    todo: 'Choose another one.',
  },
  csrf: {
    status: 403,
    title: 'The request did not come from the portal',
    detail: 'The request carries the session cookie but not its CSRF header.',
    actor: 'you',
    todo: 'Reload the page.',
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many attempts',
    detail: 'Try again in {seconds} seconds.',
    actor: 'wait',
  },
  forbidden: {
    status: 403,
    title: 'You may not do this',
    detail: 'This needs the right {permission} in {scope}. You have: {roles}.',
    actor: 'you',
    todo: 'Ask an owner of the project for a role that has it.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'There is no {what}, or you may not see it.', actor: 'you' },
  method_not_allowed: {
    status: 405,
    title: 'Not possible here',
    detail: 'This address does not take that method.',
    actor: 'you',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Not JSON',
    detail: 'Send the body as application/json.',
    actor: 'you',
  },
  body_too_large: { status: 413, title: 'Too large', detail: 'The body is larger than {limit}.', actor: 'you' },
  if_match_required: {
    status: 428,
    title: 'If-Match is missing',
    detail: 'A change must say which version it was made on.',
    actor: 'you',
    todo: 'Send the ETag you read as If-Match.',
  },
  stale_version: {
    status: 412,
    title: 'Somebody was faster',
    detail: 'You saw version {seen}; it is at {current} by now.',
    actor: 'you',
    todo: 'Look at what changed, then try again.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for something else',
    detail: 'The same key came with another body before.',
    actor: 'you',
    todo: 'Use a new key for a new request.',
  },
  name_taken: {
    status: 409,
    title: 'The name is taken',
    detail: 'There is a service {service} in {scope} already.',
    actor: 'you',
    todo: 'Choose another code, or upgrade the service that has it.',
  },
  name_reserved: {
    status: 422,
    title: 'The name is reserved',
    detail: 'The code {service} cannot be used.',
    actor: 'you',
    todo: 'Choose another code.',
  },
  unknown_project: {
    status: 404,
    title: 'No such project',
    detail: 'The CMDB knows no project {project}.',
    actor: 'you',
    todo: 'Have the project entered in the CMDB.',
  },
  project_retired: {
    status: 409,
    title: 'The project is retired',
    detail: 'The CMDB no longer names the project {project}; nothing new is deployed in it.',
    actor: 'you',
    stillWorks: 'What runs keeps running and can be scaled, restarted and deleted.',
  },
  unregistered_service: {
    status: 422,
    title: 'The service is not registered',
    detail: 'The CMDB has no service {service} in {project}, and the business line allows only registered ones.',
    actor: 'you',
    todo: 'Have it entered in the CMDB.',
  },
  image_invalid: {
    status: 422,
    title: 'Not an image name',
    detail: '{image} is not a valid image name.',
    actor: 'you',
    todo: 'Write it as registry/name:version.',
  },
  image_not_found: {
    status: 422,
    title: 'The image does not exist',
    detail: 'The registry has no {image}.',
    actor: 'you',
    todo: 'Check name and version; the versions it has are offered in the form.',
  },
  image_unauthorized: {
    status: 422,
    title: 'The registry refuses us',
    detail: 'The registry wants a login for {image}.',
    actor: 'you',
    todo: 'Choose a registry credential of the project.',
  },
  registry_unreachable: {
    status: 503,
    title: 'The registry cannot be reached',
    detail: '{registry} does not answer: {cause}.',
    actor: 'wait',
    stillWorks: 'Running services are not touched.',
    todo: 'Try again in a minute; tell the platform team if it stays so.',
  },
  image_wrong_architecture: {
    status: 422,
    title: 'The image is for other machines',
    detail: '{image} is built for {architectures}; the clusters have {wanted}.',
    actor: 'you',
    todo: 'Build it for {wanted}.',
  },
  no_capacity: {
    status: 409,
    title: 'Too little room',
    detail:
      'No placement for {replicas} replicas of {cpuMillis}m CPU and {memoryMiB} MiB. errors[] has the reason for every cluster.',
    actor: 'platform',
    stillWorks: 'What ran keeps running.',
    todo: 'Ask for fewer or smaller replicas, or have room made.',
  },
  no_cluster: {
    status: 409,
    title: 'There is no cluster',
    detail: 'No cluster is registered that {environment} may use.',
    actor: 'platform',
    todo: 'An administrator adds a cluster.',
  },
  no_such_release: {
    status: 404,
    title: 'No such release',
    detail: 'The service has no release #{release}.',
    actor: 'you',
  },
  release_is_live: {
    status: 409,
    title: 'It runs already',
    detail: 'Release #{release} is what runs now.',
    actor: 'you',
  },
  release_never_ran: {
    status: 409,
    title: 'It never ran',
    detail: 'Release #{release} never became ready, so there is nothing to go back to.',
    actor: 'you',
  },
  image_gone: {
    status: 409,
    title: 'The image is gone',
    detail: 'The registry no longer has the image of release #{release}.',
    actor: 'you',
  },
  unknown_secret: {
    status: 422,
    title: 'No such secret',
    detail: 'There is no version {version} of the secret {name} in this service.',
    actor: 'you',
    todo: 'Enter the value again.',
  },
  service_deleting: {
    status: 409,
    title: 'The service is being deleted',
    detail: 'A delete is running; nothing else can be done.',
    actor: 'wait',
  },
  nothing_to_do: { status: 409, title: 'Nothing to do', detail: '{reason}', actor: 'you' },
  cluster_exists: {
    status: 409,
    title: 'The cluster is registered already',
    detail: 'There is a cluster {cluster}.',
    actor: 'you',
  },
  cluster_unreachable: {
    status: 422,
    title: 'The cluster cannot be reached',
    detail: '{server} does not answer: {cause}.',
    actor: 'you',
    todo: 'Check the address and that the platform may reach it.',
  },
  kubeconfig_invalid: { status: 422, title: 'The kubeconfig cannot be used', detail: '{reason}', actor: 'you' },
  rollout_deadline: {
    status: 504,
    title: 'Not ready in time',
    detail: 'After {seconds} seconds {ready} of {desired} containers of release #{release} are ready. {cause}',
    actor: 'you',
    stillWorks: '{stillServes}',
    todo: 'Look at the log and the events of the new containers, then correct and deploy again, or roll back.',
  },
  superseded: {
    status: 409,
    title: 'A newer change took its place',
    detail: 'A later {kind} of the same service replaced this one.',
    actor: 'wait',
  },
  dead_letter: {
    status: 500,
    title: 'The command could not be worked on',
    detail: 'The command was put aside after {attempts} tries: {reason}.',
    actor: 'platform',
    todo: 'The platform team looks at its dead letters.',
  },
  operation_deadline: {
    status: 504,
    title: 'Not finished in time',
    detail: 'The operation did not end within {seconds} seconds.',
    actor: 'platform',
    stillWorks: 'What ran keeps running.',
  },
  service_unavailable: {
    status: 503,
    title: 'A part of the platform does not answer',
    detail: '{service} does not answer.',
    actor: 'wait',
    stillWorks: 'Running services are not touched; commands that were accepted are carried out later.',
    todo: 'Try again in a moment.',
  },
  metrics_unavailable: {
    status: 503,
    title: 'Measured values are not available',
    detail: 'Prometheus does not answer: {cause}.',
    actor: 'platform',
    stillWorks: 'Services run on. Readiness, restarts and changes are still shown; every action works.',
    todo: 'CPU and memory come back by themselves when Prometheus answers; what it measured meanwhile is shown then.',
  },
  metrics_range: {
    status: 422,
    title: 'The time range cannot be shown',
    detail: 'A range ends after it begins and is at most {days} days long.',
    actor: 'you',
    todo: 'Choose another range.',
  },
  internal: {
    status: 500,
    title: 'Something broke',
    detail: 'An error of the platform, not of yours. It is in the log under {correlationId}.',
    actor: 'platform',
    todo: 'Try again; tell the platform team the number if it stays so.',
  },
  cmdb_rejected: { status: 422, title: 'The push cannot be read', detail: '{reason}', actor: 'you' },
  last_admin: {
    status: 409,
    title: 'The last administrator',
    detail: 'This would leave the platform without an administrator.',
    actor: 'you',
  },
  user_exists: { status: 409, title: 'The user exists', detail: 'There is a user {username}.', actor: 'you' },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problems;

/** Builds the problem of a code; `{name}` in its sentences is replaced by the parameter of that name. */
export function problemOf(code: ProblemCode, params: Params = {}, extra: Partial<Problem> = {}): Problem {
  const kind: ProblemKind = problems[code];
  const fill = (sentence: string) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
  return {
    code,
    title: kind.title,
    detail: fill(kind.detail),
    actor: kind.actor,
    ...(Object.keys(params).length > 0 && { params }),
    ...(kind.todo && { todo: fill(kind.todo) }),
    ...(kind.stillWorks && { stillWorks: fill(kind.stillWorks) }),
    ...extra,
  };
}

/** HTTP status of a problem; 500 for a code that this version does not know. */
export function statusOf(problem: Pick<Problem, 'code'>): number {
  return problem.code in problems ? problems[problem.code as ProblemCode].status : 500;
}
