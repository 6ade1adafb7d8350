import { environmentNames } from '@berth/contracts';
import { z } from 'zod';
import { DeployDraft, emptyDeploy, withoutSecretValues } from './draft.js';

/** The deploy form as it is kept: until its operation succeeded, because what is refused is mended and sent again. */
export const KeptDeploy = z.object({
  project: z.string(),
  environment: z.enum(environmentNames),
  draft: DeployDraft,
  /** The operation that it was sent with. */
  operation: z.uuid().nullable(),
});
export type KeptDeploy = z.infer<typeof KeptDeploy>;

/** Project and environment of the address. */
interface Scope {
  readonly project: string;
  readonly env: string;
}

export const freshDeploy = ({ project, env }: Scope, code: string | undefined): KeptDeploy => ({
  project: project === 'all' ? '' : project,
  environment: environmentNames.find((name) => name === env) ?? 'test',
  draft: { ...emptyDeploy, code: code ?? '' },
  operation: null,
});

export const withoutValues = (kept: KeptDeploy): KeptDeploy => ({
  ...kept,
  draft: { ...kept.draft, spec: withoutSecretValues(kept.draft.spec) },
});

/** Every address of the form has a draft of its own. */
export const keyOfDeploy = ({ project, env }: Scope, code: string | undefined): string =>
  `deploy.${project}.${env}.${code ?? ''}`;

/** A refused operation leads to the form of its service: there the draft waits. */
export const keyOfSent = ({ project, environment, draft }: KeptDeploy): string =>
  keyOfDeploy({ project, env: environment }, draft.code.trim());

/** As it was typed; secret values are sealed by now and are typed again when they are needed again. */
export const sentDeploy = (kept: KeptDeploy, operation: string): KeptDeploy => ({ ...withoutValues(kept), operation });
