import type { ContainerFacts, EventFacts, Facts, SpecFacts } from './facts.js';

export const at = '2026-01-01T12:00:00.000Z';

/** 1 core, 512 MiB, asked over HTTP at `:8080/ready`, with the variable `LOG_LEVEL`. */
export function aSpec(change: Partial<SpecFacts> = {}): SpecFacts {
  return {
    image: 'hub.example/shop/cart:1.4.2',
    cpuMillis: 1000,
    memoryMiB: 512,
    request: { cpuMillis: 250, memoryMiB: 256 },
    readiness: { probe: 'http', port: 8080, path: '/ready' },
    liveness: null,
    variables: ['LOG_LEVEL'],
    ...change,
  };
}

/** A container of release 3 in beijing that crash-loops with exit code 1. */
export function aContainer(change: Partial<ContainerFacts> = {}): ContainerFacts {
  return {
    cluster: 'beijing',
    name: 'cart-5d8-aaaaa',
    release: 3,
    state: 'crash_looping',
    detail: 'exit code 1',
    ready: false,
    restarts: 4,
    restartsLast10Minutes: 3,
    createdAt: at,
    lastEnd: { exitCode: 1, reason: 'Error', at },
    ...change,
  };
}

/** It has ended in this way, and is started again and again. */
export function ended(exitCode: number, reason = 'Error'): Partial<ContainerFacts> {
  return { detail: `exit code ${exitCode}`, lastEnd: { exitCode, reason, at } };
}

export function anEvent(change: Partial<EventFacts> = {}): EventFacts {
  return {
    cluster: 'beijing',
    object: 'cart-5d8-aaaaa',
    reason: 'Unhealthy',
    message: '',
    count: 3,
    lastAt: at,
    ...change,
  };
}

/** Release 3 of a service of two replicas of which none is ready; release 2 was good. */
export function facts(change: Partial<Facts> = {}): Facts {
  return {
    release: 3,
    desired: 2,
    ready: 0,
    unreadySince: at,
    spec: aSpec(),
    containers: [aContainer()],
    events: [],
    refusals: [],
    silent: [],
    log: [],
    peakMemoryMiB: null,
    lastGood: 2,
    wasGood: false,
    ...change,
  };
}
