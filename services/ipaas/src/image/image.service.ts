import { problemOf } from '@berth/api';
import type { RegistryClient } from '@berth/clients/registry';
import type { ResolvedImage } from '@berth/contracts';
import { InjectConfig } from '@berth/platform/bootstrap';
import { ProblemError } from '@berth/platform/errors';
import { Inject, Injectable } from '@nestjs/common';
import type { IpaasConfig } from '../config.js';
import { imageProblem, repositoryOf, resolvedImageOf } from './image.js';

/** Token of the registry client: a port, so that specs give a fake. */
export const REGISTRY = Symbol('REGISTRY');

/** Asks registries, always before a command is accepted and never while one is handled. */
@Injectable()
export class ImageService {
  constructor(
    @Inject(REGISTRY) private readonly registry: RegistryClient,
    @InjectConfig() private readonly config: IpaasConfig,
  ) {}

  /** What the name means now. @throws ProblemError, one for each of the ways in which an image cannot be used. */
  async resolve(image: string, credential?: string): Promise<ResolvedImage> {
    if (credential) throw new ProblemError(problemOf('not_found', { what: `registry credential ${credential}` }));
    const architecture = this.config.BERTH_IMAGE_ARCHITECTURE;
    const answer = await this.registry.resolve(image, { architecture });
    if (answer.kind !== 'resolved') throw new ProblemError(imageProblem(image, answer, architecture));
    return resolvedImageOf(answer);
  }

  /** Tags beside the one that was asked, for the form; none when the registry does not list them. */
  async tags(image: string): Promise<string[]> {
    const repository = repositoryOf(image);
    if (repository === null) return [];
    const answer = await this.registry.tags(repository);
    return answer.kind === 'tags' ? [...answer.tags] : [];
  }

  /** True only when the registry answers that it has the image no more; a silent registry proves nothing. */
  async isGone(image: Pick<ResolvedImage, 'reference'>): Promise<boolean> {
    const answer = await this.registry.exists(image.reference);
    return answer.kind === 'not_found';
  }
}
