import type { ProblemKind } from './kind.js';

/** Services, releases and where they go. */
export const serviceProblems = {
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
} as const satisfies Record<string, ProblemKind>;
