import { ownDeadLetterRoutes, type OwnDeadLetterRoutes, type OwnDeadLetters, type DeadLetterDetail } from '@berth/api';
import type { Actor, ServiceName } from '@berth/contracts';
import { Controller, Inject, type Type } from '@nestjs/common';
import { DeadLetters } from '../bus/index.js';
import { Caller, Input, Serves, type ServedInput } from '../http/index.js';
import type { Identity } from '../identity/index.js';

type Routes = OwnDeadLetterRoutes;

/** The addresses at which a service shows its dead letters to the gateway, guarded like every other route. */
export function deadLettersController(service: ServiceName): Type {
  const routes = ownDeadLetterRoutes(service);

  @Controller()
  class DeadLettersController {
    constructor(@Inject(DeadLetters) private readonly letters: DeadLetters) {}

    @Serves(routes.list)
    async list(@Input() { query }: ServedInput<Routes['list']>): Promise<OwnDeadLetters> {
      const { beforeAt: at, beforeId: id, state, text, limit } = query;
      const before = at !== undefined && id !== undefined ? { at, id } : undefined;
      const items = await this.letters.list({ state, text, limit, before });
      return { items, open: await this.letters.countOpen() };
    }

    @Serves(routes.get)
    get(@Input() { params }: ServedInput<Routes['get']>): Promise<DeadLetterDetail> {
      return this.letters.get(params.id);
    }

    @Serves(routes.replay)
    async replay(
      @Input() { params, body }: ServedInput<Routes['replay']>,
      @Caller() caller: Identity,
    ): Promise<{ operationId: string | null }> {
      return { operationId: await this.letters.replay(params.id, actorOf(caller), body.cause) };
    }

    @Serves(routes.discard)
    async discard(
      @Input() { params, body }: ServedInput<Routes['discard']>,
      @Caller() caller: Identity,
    ): Promise<{ operationId: null }> {
      await this.letters.discard(params.id, actorOf(caller), body.cause);
      return { operationId: null };
    }
  }
  return DeadLettersController;
}

function actorOf({ userId, userName, channel }: Identity): Actor {
  return { id: userId, name: userName, channel };
}
