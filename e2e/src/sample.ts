import { routes } from '@berth/api';
import type { ApiUser } from './api.js';
import { status } from './platform.js';

/** A project that the CMDB push of `up` made and that takes services the CMDB does not know. */
export async function sampleProject(user: ApiUser): Promise<string> {
  const { items } = await user.ok(routes.listProjects, { query: { limit: 200 } });
  const project = items.find((row) => row.allowsUnregistered && !row.retired);
  if (!project) throw new Error('the platform has no sample project that takes unregistered services');
  return project.slug;
}

/** The sample web server, by its version, in the registry of the platform. */
export async function sampleImage(version: string, name = 'sample-web'): Promise<string> {
  const platform = await status();
  const registry = platform.engines.find((engine) => engine.name === 'registry');
  if (!registry?.imagePrefix) throw new Error('status names no registry');
  return `${String(registry.imagePrefix)}/${name}:${version}`;
}
