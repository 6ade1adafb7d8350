import { routes } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { developerValue } from './environment.js';

/** A project that the CMDB push of `up` made and that takes services the CMDB does not know. */
export async function sampleProject(user: ApiUser): Promise<string> {
  const { items } = await user.ok(routes.listProjects, { query: { limit: 200 } });
  const project = items.find((row) => row.allowsUnregistered && !row.retired);
  if (!project) throw new Error('the platform has no sample project that takes unregistered services');
  return project.slug;
}

/** An image of the samples, by its version, as the clusters and the platform name it. */
export function sampleImage(version: string, name = 'sample-api'): string {
  return `${developerValue('BERTH_TEST_REGISTRY_NAME')}/berth/${name}:${version}`;
}

/** Start of the keys of records that a journey writes though nobody can read them; they stay in the streams. */
export const poisonPrefix = 'poison/';
