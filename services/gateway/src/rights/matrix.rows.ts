import { environmentNames, type EnvironmentName } from '@berth/contracts';
import { randomUUID } from 'node:crypto';
import { AcknowledgementStore } from '../acknowledgements/acknowledgements.store.pg.js';
import { AuditStore } from '../audit/audit.store.pg.js';
import { MemberStore } from '../members/members.store.pg.js';
import { OperationStore } from '../operations/operations.store.pg.js';
import { ProjectStore } from '../projects/projects.store.pg.js';
import type { GatewayRig } from '../rig/gateway.rig.js';

/** A project in each of two business lines. */
export const tenants: Readonly<Record<string, string>> = { shop: 't1', other: 't2' };
/** The operation that addresses with an id ask for. */
export const foreignOperation = '00000000-0000-4000-8000-000000000001';

export interface Place {
  readonly project: string;
  readonly environment: EnvironmentName;
}
/** Where that operation is. */
export const foreignPlace: Place = { project: 'other', environment: 'prod' };
export const places: readonly Place[] = Object.keys(tenants).flatMap((project) =>
  environmentNames.map((environment) => ({ project, environment })),
);

/** A word that every row of the place has in it and nothing else. */
export function markOf({ project, environment }: Place): string {
  return `mark-${project}-${environment}`;
}

/** Places whose rows are in a text. */
export function marksIn(text: string): Place[] {
  return places.filter((place) => text.includes(markOf(place)));
}

/** One row of each of the gateway's own lists for every environment of both business lines. */
export async function writeRows({ database }: GatewayRig): Promise<void> {
  const at = new Date();
  const until = new Date(at.getTime() + 3_600_000);
  for (const [slug, tenant] of Object.entries(tenants))
    await new ProjectStore().save(database, {
      ...{ slug, code: slug, name: slug, businessLine: { code: tenant, name: tenant }, cmdbId: slug },
      ...{ retired: false, allowsUnregistered: true, updatedAt: '2026-01-01T00:00:00.000Z' },
    });
  for (const place of places)
    await database.transaction(async (tx) => {
      const target = `${place.project}/${place.environment}/cart`;
      const mark = markOf(place);
      const actor = { id: 'u-0', name: 'nobody', channel: 'portal' as const };
      const isForeign = markOf(place) === markOf(foreignPlace);
      await new OperationStore().add(tx, [
        {
          ...{ id: isForeign ? foreignOperation : randomUUID(), kind: 'service.restart', target, state: 'running' },
          ...{ actor, cause: mark, acceptedAt: at, startedAt: at, endedAt: null, deadlineAt: until, steps: [] },
          ...{ effect: null, problem: null, result: null, correlationId: 'c-1', cancel: null },
        },
      ]);
      const row = { target, userId: 'u-0', userName: 'nobody', note: mark, at, until };
      await new AcknowledgementStore().put(tx, row);
      const entry = {
        actor,
        address: null,
        action: 'restartService',
        target,
        cause: mark,
        result: 'accepted' as const,
      };
      await new AuditStore().append(tx, [{ ...entry, problemCode: null, operationId: null, correlationId: 'c-1' }], at);
      const user = {
        id: randomUUID(),
        username: mark,
        name: mark,
        passwordHash: 'none',
        mustChangePassword: false,
        at,
      };
      await new MemberStore().add(tx, user, [
        { role: 'viewer', scope: `environment:${place.project}/${place.environment}` },
      ]);
    });
}
