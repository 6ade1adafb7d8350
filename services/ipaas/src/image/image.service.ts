import type { AccessOptions, RegistryClient } from '@berth/clients/registry';
import type { ResolvedImage, ServiceSpec } from '@berth/contracts';
import { InjectConfig } from '@berth/platform/bootstrap';
import { Clock } from '@berth/platform/clock';
import { ProblemError } from '@berth/platform/errors';
import { Inject, Injectable } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { whyNotForImage, type CredentialScope } from '../registry-credential/registry-credential.js';
import { RegistryCredentialService } from '../registry-credential/registry-credential.service.js';
import { imageProblem, registryOf, repositoryOf, resolvedImageOf } from './image.js';
import { newestFirst } from './newest-first.js';

/** Token of the registry client: a port, so that specs give a fake. */
export const REGISTRY = Symbol('REGISTRY');

/** Whether a registry still has an image changes seldom; a list of releases asks often. */
const knownForMs = 5 * 60_000;
const mostKnown = 5_000;
/** A list waits no longer than this for a registry. */
const patienceMs = 1_500;

/** An image name with the credential of its registry, as a spec says them. */
type Asked = Pick<ServiceSpec, 'image' | 'registryCredential'>;

/** Asks registries, always before a command is accepted and never while one is handled. */
@Injectable()
export class ImageService {
  private readonly known = new Map<string, { readonly there: boolean; readonly atMs: number }>();

  constructor(
    @Inject(REGISTRY) private readonly registry: RegistryClient,
    private readonly credentials: RegistryCredentialService,
    @InjectConfig() private readonly config: IpaasConfig,
    private readonly clock: Clock,
  ) {}

  /** What the name means now. @throws ProblemError, one for each of the ways in which an image cannot be used. */
  async resolve(scope: CredentialScope, asked: Asked): Promise<ResolvedImage> {
    const architecture = this.config.BERTH_IMAGE_ARCHITECTURE;
    const access = await this.access(scope, asked);
    const answer = await this.registry.resolve(asked.image, { architecture, ...access });
    if (answer.kind === 'resolved') return resolvedImageOf(answer);
    const tags = answer.kind === 'not_found' ? await this.tagsOf(asked.image, access) : [];
    const login = access.credential && { name: asked.registryCredential ?? '', userName: access.credential.username };
    throw new ProblemError(imageProblem(asked.image, answer, { wanted: architecture, tags, login }));
  }

  /** Tags beside the one that was asked, the newest first; none when the registry does not list them. */
  async tags(scope: CredentialScope, asked: Asked): Promise<string[]> {
    return newestFirst(await this.tagsOf(asked.image, await this.access(scope, asked)));
  }

  /** Tags of a repository that needs no login, asked without long waiting: for lists. */
  publicTags(repository: string): Promise<string[]> {
    return this.tagsOf(repository, { signal: AbortSignal.timeout(patienceMs) });
  }

  /** True only when the registry answers that it has the image no more; a silent registry proves nothing. */
  async isGone(scope: CredentialScope, image: Pick<ResolvedImage, 'reference'>, credential?: string): Promise<boolean> {
    return (await this.presence(scope, image, credential)) === 'no';
  }

  /** Like `isGone`, remembered for some minutes and without waiting long: for lists. */
  async isThere(
    scope: CredentialScope,
    image: Pick<ResolvedImage, 'reference'>,
    credential?: string,
  ): Promise<'yes' | 'no' | 'unknown'> {
    const key = `${scope.project}/${scope.environment} ${image.reference}`;
    const nowMs = this.clock.now().getTime();
    const known = this.known.get(key);
    if (known && nowMs - known.atMs < knownForMs) return known.there ? 'yes' : 'no';
    const answer = await this.presence(scope, image, credential, AbortSignal.timeout(patienceMs));
    if (answer === 'unknown') return answer;
    this.known.delete(key);
    this.known.set(key, { there: answer === 'yes', atMs: nowMs });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= mostKnown) break;
      this.known.delete(oldest);
    }
    return answer;
  }

  private async presence(
    scope: CredentialScope,
    { reference }: Pick<ResolvedImage, 'reference'>,
    credential: string | undefined,
    signal?: AbortSignal,
  ): Promise<'yes' | 'no' | 'unknown'> {
    // A credential that was deleted since is no reason to say anything about the image.
    const access = await this.access(scope, {
      image: reference,
      ...(credential && { registryCredential: credential }),
    }).catch(() => ({}));
    const answer = await this.registry.exists(reference, { ...access, ...(signal && { signal }) });
    if (answer.kind === 'exists') return 'yes';
    return answer.kind === 'not_found' ? 'no' : 'unknown';
  }

  private async tagsOf(image: string, access: AccessOptions): Promise<string[]> {
    const repository = repositoryOf(image);
    if (repository === null) return [];
    const answer = await this.registry.tags(repository, access);
    return answer.kind === 'tags' ? [...answer.tags] : [];
  }

  /** The login for the image's registry, where the spec names one. */
  private async access(scope: CredentialScope, { image, registryCredential }: Asked): Promise<AccessOptions> {
    if (!registryCredential) return {};
    const login = await this.credentials.open(scope, registryCredential);
    const problem = whyNotForImage(registryCredential, login, registryOf(image));
    if (problem) throw new ProblemError(problem);
    return { credential: { username: login.userName, password: login.password } };
  }
}
