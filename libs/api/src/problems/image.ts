import type { ProblemKind } from './kind.js';

/** Images and registries. */
export const imageProblems = {
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
  image_gone: {
    status: 409,
    title: 'The image is gone',
    detail: 'The registry no longer has the image of release #{release}.',
    actor: 'you',
  },
  unknown_registry_credential: {
    status: 422,
    title: 'No such registry credential',
    detail: '{environment} of {project} has no registry credential {name}.',
    actor: 'you',
    todo: 'Choose another one, or enter it first.',
  },
  credential_of_other_registry: {
    status: 422,
    title: 'The credential is for another registry',
    detail: '{name} is the login of {registry}; the image is at {host}.',
    actor: 'you',
    todo: 'Choose the credential of that registry.',
  },
  credential_refused: {
    status: 422,
    title: 'The registry refuses the credential',
    detail: 'The registry does not let {userName} ({name}) read {image}.',
    actor: 'you',
    todo: 'Enter the password again, or have the right given in the registry.',
  },
  credential_in_use: {
    status: 409,
    title: 'The credential is in use',
    detail: '{services} name the registry credential {name}.',
    actor: 'you',
    todo: 'Give those services another one first, or delete them.',
  },
} as const satisfies Record<string, ProblemKind>;
