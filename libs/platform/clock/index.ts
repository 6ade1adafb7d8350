import { Injectable } from '@nestjs/common';

/** What time it is, as a dependency: rules get the time as an argument, services ask this. */
export abstract class Clock {
  abstract now(): Date;
}

/** The clock of the machine. Leases and retries go by the database's clock instead, so that copies agree. */
@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
