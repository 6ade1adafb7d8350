import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { routes, type CmdbPush, type Operation, type Route } from '@berth/api';
import { z } from 'zod';
import { readJson, writeJson, writeText } from '../state.js';
import type { ApiUser, Request } from './api-user.js';
import type { PersonName } from './company.js';
import type { SampleRow } from './rows.js';

/** Where the sample keeps what it must not do twice. */
export interface SamplePlaces {
  /** Ids of the steps that are done. */
  journal: string;
  cmdbToken: string;
  passwords: string;
}

/** A command was accepted, or refused with the code of a problem. */
export type Accepted = { operationId: string } | { refused: string };
/** How an attempt ended. */
export type Outcome = { operation: Operation } | { refused: string };

/** A step of the company's history: something that one of its people or its CMDB does through the public API. */
export interface Step {
  /** Also the idempotency key of its request. */
  id: string;
  title: string;
  run(stage: Stage): Promise<unknown>;
}

/** The people, the CMDB and the memory that steps work with. */
export class Stage {
  constructor(
    readonly setup: ApiUser,
    private readonly places: SamplePlaces,
    private readonly logins: (name: PersonName) => Promise<ApiUser>,
  ) {}

  as(name: PersonName): Promise<ApiUser> {
    return this.logins(name);
  }

  /** Takes the steps one after the other; one that was done is not done again. */
  async play(steps: readonly Step[], report: (detail: string) => void): Promise<void> {
    for (const step of steps) {
      if (this.done().includes(step.id)) continue;
      report(step.title);
      await step.run(this);
      writeJson(this.places.journal, [...this.done(), step.id], 0o644);
    }
  }

  async push(snapshot: object, dryRun = false): Promise<CmdbPush> {
    const bearer = await this.cmdbToken();
    return this.setup.ok(routes.pushCmdb, { bearer, query: { dryRun: String(dryRun) }, body: snapshot });
  }

  /** Takes steps that do not need one another at the same time. */
  async playTogether(steps: readonly Step[], report: (detail: string) => void): Promise<void> {
    const open = steps.filter((step) => !this.done().includes(step.id));
    const running = new Set(open.map((step) => step.title));
    await Promise.all(
      open.map(async (step) => {
        report([...running].join(', '));
        await step.run(this);
        writeJson(this.places.journal, [...this.done(), step.id], 0o644);
        running.delete(step.title);
        if (running.size > 0) report([...running].join(', '));
      }),
    );
  }

  /** Sends a command under the step's own key, so that a step that was cut short is not entered twice. */
  async accepted<R extends Route>(user: ApiUser, id: string, route: R, request: Request<R>): Promise<Accepted> {
    const answer = await user.call(route, { ...request, idempotencyKey: `sample-${id}` });
    if (answer.problem) return { refused: answer.problem.code };
    return { operationId: (answer.data as { operationId: string }).operationId };
  }

  /** Like `accepted`, and waits until its operation has ended, however it ends. */
  async command<R extends Route>(user: ApiUser, id: string, route: R, request: Request<R>): Promise<Outcome> {
    const answer = await this.accepted(user, id, route, request);
    return 'refused' in answer ? answer : { operation: await user.ended(answer.operationId, 300_000) };
  }

  /** Sends a first deploy. Right after a push the others may not have heard of the project yet; then it is sent again. */
  async deploy(user: ApiUser, id: string, row: SampleRow): Promise<Accepted> {
    const { project, environment, body } = row;
    const deadline = Date.now() + 20_000;
    for (;;) {
      const answer = await this.accepted(user, id, routes.deployService, { params: { project, environment }, body });
      const isEarly =
        'refused' in answer &&
        ['unknown_project', 'unregistered_service', 'forbidden', 'not_found'].includes(answer.refused);
      if (!isEarly || Date.now() > deadline) return answer;
      await delay(300);
    }
  }

  private done(): string[] {
    return readJson(this.places.journal, z.array(z.string())) ?? [];
  }

  private async cmdbToken(): Promise<string> {
    const { cmdbToken: file } = this.places;
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    const { token } = await this.setup.ok(routes.createToken, {
      body: { name: '样例 CMDB', permission: 'cmdb.push', expiresInDays: 365 },
    });
    writeText(file, token, 0o600);
    return token;
  }
}
