import { z } from 'zod';
import { EnvironmentParams, Time } from './common.js';

/** Also part of the name of an object in every cluster. */
export const RegistryCredentialName = z
  .string()
  .regex(/^[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?$/, 'a name: a-z, 0-9 and dashes, at most 30 characters');

export const RegistryCredentialParams = EnvironmentParams.extend({ name: RegistryCredentialName });

/** The registry is the host of image names, `hub.example.com` or `hub.example.com:5000`; `docker.io` for Docker Hub. */
export const RegistryCredentialBody = z.strictObject({
  registry: z
    .string()
    .max(260)
    .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/, 'a host, with a port where it has one'),
  userName: z.string().min(1).max(200),
  password: z.string().min(1).max(8192),
});

/** Never the password. */
export const RegistryCredential = z.object({
  name: z.string(),
  registry: z.string(),
  userName: z.string(),
  version: z.number().int(),
  updatedAt: Time,
  updatedBy: z.string(),
  /** Codes of the services of the environment whose live or coming release names it. */
  usedBy: z.array(z.string()),
});
export type RegistryCredential = z.infer<typeof RegistryCredential>;
