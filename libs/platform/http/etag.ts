import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { replyOf } from './handled.js';

/** An answer with the version that a later change must name in `If-Match`. */
class Tagged<Body> {
  constructor(
    readonly body: Body,
    readonly version: number,
  ) {}
}
export type { Tagged };

/** Wraps what a method with `@Serves` answers: the version becomes its header, `ETag: "7"`. */
export function withEtag<Body>(body: Body, version: number): Tagged<Body> {
  return new Tagged(body, version);
}

/** Unwraps it again. */
@Injectable()
export class EtagAnswering implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((answer: unknown) => {
        if (!(answer instanceof Tagged)) return answer;
        void replyOf(context).header('etag', `"${answer.version}"`);
        return answer.body as unknown;
      }),
    );
  }
}
