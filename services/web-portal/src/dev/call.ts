import { problemOf, type ProblemCode, type Route } from '@berth/api';
import type { Problem } from '@berth/contracts';
import type { ServerResponse } from 'node:http';

/** A request to the fixture, by its row of the route table. */
export interface Call {
  readonly route: Route;
  readonly params: Record<string, string>;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly ifMatch: string | undefined;
}
export type Answers = Record<string, (call: Call) => unknown>;

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}
export const refuse = (
  code: ProblemCode,
  params: NonNullable<Problem['params']> = {},
  errors?: Problem['errors'],
): never => {
  throw new Refusal(problemOf(code, params, errors ? { errors } : {}));
};

export const page = (items: unknown) => ({ items, continue: null });

const listeners = new Set<ServerResponse>();
let seq = 0;

/** Tells every open feed that something changed. */
export function hint(kind: string, key: string): void {
  seq += 1;
  for (const response of listeners)
    response.write(`id: ${seq}\ndata: ${JSON.stringify({ seq, kind, key, version: seq })}\n\n`);
}

export function openFeed(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
  listeners.add(response);
  const beat = setInterval(() => response.write(': beat\n\n'), 10_000);
  response.on('close', () => {
    clearInterval(beat);
    listeners.delete(response);
  });
}
