import { z } from 'zod';
import { defineRoute } from '../route.js';
import * as credentials from '../schemas/registry-credential.js';
import { EnvironmentParams, page } from '../schemas/common.js';
import { environment } from './addresses.js';

/** Logins of private image registries, one set for each environment of a project: who may not change production cannot change what it pulls with. */
export const registryCredentialRoutes = {
  listRegistryCredentials: defineRoute({
    id: 'listRegistryCredentials',
    kind: 'read',
    method: 'GET',
    path: `${environment}/registry-credentials`,
    owner: 'ipaas',
    permission: 'service.read',
    scope: 'url',
    summary: 'Registry credentials by name with registry, user name and version; never passwords.',
    params: EnvironmentParams,
    response: page(credentials.RegistryCredential),
  }),
  putRegistryCredential: defineRoute({
    id: 'putRegistryCredential',
    kind: 'direct',
    method: 'PUT',
    path: `${environment}/registry-credentials/:name`,
    owner: 'ipaas',
    permission: 'secret.write',
    scope: 'url',
    summary:
      'Seal the login of a registry, new or in place of the one of this name; running containers are not touched.',
    params: credentials.RegistryCredentialParams,
    body: credentials.RegistryCredentialBody,
    response: credentials.RegistryCredential,
    audited: true,
  }),
  deleteRegistryCredential: defineRoute({
    id: 'deleteRegistryCredential',
    kind: 'direct',
    method: 'DELETE',
    path: `${environment}/registry-credentials/:name`,
    owner: 'ipaas',
    permission: 'secret.write',
    scope: 'url',
    summary: 'Forget a registry credential that no service uses.',
    params: credentials.RegistryCredentialParams,
    response: z.object({ name: z.string() }),
    audited: true,
  }),
} as const;
