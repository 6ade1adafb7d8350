import { catalogue, type HandlersFor, type Message, type ProjectStateData } from '@berth/contracts';
import { Handles } from '@berth/platform/bus';
import type { Tx } from '@berth/platform/postgres';
import { Controller, Inject } from '@nestjs/common';
import { FeedStore } from '../feed/feed.store.pg.js';
import { ProjectStore } from './projects.store.pg.js';

@Controller()
export class ProjectMessages implements Pick<HandlersFor<'gateway', Tx>, 'projectState'> {
  constructor(
    @Inject(ProjectStore) private readonly projects: ProjectStore,
    @Inject(FeedStore) private readonly feed: FeedStore,
  ) {}

  @Handles(catalogue.projectState)
  async projectState({ envelope, data }: Message<ProjectStateData | null>, tx: Tx): Promise<void> {
    const slug = envelope.subject;
    if (data) await this.projects.save(tx, data);
    else await this.projects.remove(tx, slug);
    await this.feed.add(tx, [{ kind: 'project', key: slug, version: envelope.sequence, project: slug }]);
  }
}
