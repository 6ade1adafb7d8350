import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { routes, type CmdbPush, type Operation, type Route } from '@berth/api';
import { z } from 'zod';
import { readJson, writeJson, writeText } from '../state.js';
import { isEarly, isOvertaken, isTransient } from './answers.js';
import type { Answer, ApiUser, Request } from './api-user.js';
import { sampleSource, type PersonName } from './company.js';
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
  /** @param round how often the sample came back after a removal: each time its history is played anew. */
  constructor(
    readonly setup: ApiUser,
    private readonly places: SamplePlaces,
    private readonly logins: (name: PersonName) => Promise<ApiUser>,
    readonly round = 0,
    private readonly patienceMs = 60_000,
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
      this.note(step.id);
    }
  }

  async push(snapshot: object, dryRun = false): Promise<CmdbPush> {
    const bearer = await this.cmdbToken();
    const answer = await this.asked(() =>
      this.setup.call(routes.pushCmdb, { bearer, query: { dryRun: String(dryRun) }, body: snapshot }),
    );
    if (answer.problem) throw new Error(`the push of the CMDB: ${answer.problem.code}`);
    return answer.data;
  }

  /** Takes steps that do not need one another at the same time. */
  async playTogether(steps: readonly Step[], report: (detail: string) => void): Promise<void> {
    const open = steps.filter((step) => !this.done().includes(step.id));
    const running = new Set(open.map((step) => step.title));
    await Promise.all(
      open.map(async (step) => {
        report([...running].join(', '));
        await step.run(this);
        this.note(step.id);
        running.delete(step.title);
        if (running.size > 0) report([...running].join(', '));
      }),
    );
  }

  /** Sends a command under the step's own key, so that a step that was cut short is not entered twice. */
  async accepted<R extends Route>(user: ApiUser, id: string, route: R, request: Request<R>): Promise<Accepted> {
    const idempotencyKey = this.round === 0 ? `sample-${id}` : `sample-${this.round}-${id}`;
    const answer = await this.asked(() => user.call(route, { ...request, idempotencyKey }));
    if (answer.problem) return { refused: answer.problem.code };
    return { operationId: (answer.data as { operationId: string }).operationId };
  }

  /** Like `accepted`, and waits until its operation has ended, however it ends. */
  async command<R extends Route>(user: ApiUser, id: string, route: R, request: Request<R>): Promise<Outcome> {
    const answer = await this.accepted(user, id, route, request);
    if ('operationId' in answer) return { operation: await user.ended(answer.operationId, 300_000) };
    if (isOvertaken(answer.refused)) return answer;
    throw new Error(`${id}: ${answer.refused}`);
  }

  /** Sends a command that has to be refused with this problem, at once or right after it was accepted. */
  async refused<R extends Route>(
    user: ApiUser,
    id: string,
    route: R,
    request: Request<R>,
    code: string,
  ): Promise<void> {
    const answer = await this.accepted(user, id, route, request);
    const seen = 'refused' in answer ? answer.refused : await this.refusalOf(user, answer.operationId);
    if (seen !== code) throw new Error(`${id}: ${code} was expected, and it was ${seen}`);
  }

  /** Sends a first deploy. Right after a push the others may not have heard of the project yet; then it is sent again. */
  async deploy(user: ApiUser, id: string, row: SampleRow): Promise<Accepted> {
    const { project, environment, body } = row;
    const deadline = Date.now() + 20_000;
    for (;;) {
      const answer = await this.accepted(user, id, routes.deployService, { params: { project, environment }, body });
      if (!('refused' in answer) || !isEarly(answer.refused) || Date.now() > deadline) return answer;
      await delay(300);
    }
  }

  /** Asks until the platform answers the request itself: a fault of a moment is no answer, and no step of the history. */
  private async asked<R extends Route>(call: () => Promise<Answer<R>>): Promise<Answer<R>> {
    const deadline = Date.now() + this.patienceMs;
    for (let pauseMs = 200; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
      const answer = await call().catch((error: unknown) => error);
      const isAnswer = typeof answer === 'object' && answer !== null && 'status' in answer;
      if (isAnswer && !isTransient((answer as Answer<R>).status)) return answer as Answer<R>;
      if (Date.now() >= deadline) {
        const said = isAnswer ? (answer as Answer<R>).problem?.code : String(answer);
        throw new Error(`the platform does not answer: ${said ?? 'no reason'}`);
      }
      await delay(pauseMs);
    }
  }

  private async refusalOf(user: ApiUser, operationId: string): Promise<string> {
    const { state, problem } = await user.ended(operationId, 300_000);
    return state === 'refused' ? (problem?.code ?? state) : state;
  }

  private done(): string[] {
    const kept = readJson(this.places.journal, journalSchema);
    // Written before there were rounds: a plain list, of the first.
    const journal = Array.isArray(kept) ? { round: 0, steps: kept } : kept;
    return journal?.round === this.round ? journal.steps : [];
  }

  private note(id: string): void {
    writeJson(this.places.journal, { round: this.round, steps: [...this.done(), id] }, 0o644);
  }

  /** The token of the sample's CMDB. That of an earlier round ended with the removal. */
  private async cmdbToken(): Promise<string> {
    const { cmdbToken: file } = this.places;
    const isOfThisRound = this.round === 0 || this.done().includes(tokenStep);
    if (existsSync(file) && isOfThisRound) return readFileSync(file, 'utf8').trim();
    const { token } = await this.setup.ok(routes.createToken, {
      body: { name: '样例 CMDB', permission: 'cmdb.push', expiresInDays: 365, source: sampleSource },
    });
    writeText(file, token, 0o600);
    this.note(tokenStep);
    return token;
  }
}

const tokenStep = 'cmdb-token';
const steps = z.array(z.string());
const journalSchema = z.union([steps, z.object({ round: z.number().int(), steps })]);
