import { problemOf } from '@berth/api';
import type { Problem } from '@berth/contracts';

/**
 * Whether something new may be deployed in a project: the CMDB must name the project and not have retired it, and name the
 * service too unless the business line allows others.
 */
export function whyNotDeployable(
  project: { readonly retired: boolean; readonly allowsUnregistered: boolean } | null,
  what: { readonly project: string; readonly service: string; readonly isRegistered: boolean },
): Problem | null {
  if (!project) return problemOf('unknown_project', { project: what.project });
  if (project.retired) return problemOf('project_retired', { project: what.project });
  if (what.isRegistered || project.allowsUnregistered) return null;
  return problemOf('unregistered_service', { service: what.service, project: what.project });
}
