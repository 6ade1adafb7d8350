import { describe, expect, test } from '@jest/globals';
import { explain } from './explain.js';
import { aContainer, anEvent, aSpec, at, ended, facts } from './explain.builders.js';
import type { Facts } from './facts.js';
import type { FindingKind } from './finding.js';

const pulling = (detail: string): Partial<Facts> => ({
  containers: [aContainer({ state: 'image_error', detail, lastEnd: null, restarts: 0, restartsLast10Minutes: 0 })],
});
const run = (change: Parameters<typeof aContainer>[0], rest: Partial<Facts> = {}): Partial<Facts> => ({
  containers: [aContainer(change)],
  ...rest,
});
const waiting = (detail: string) =>
  run({ state: 'starting', detail, lastEnd: null, restarts: 0, restartsLast10Minutes: 0 });
const refused =
  'Readiness probe failed: Get "http://10.0.0.1:8080/ready": dial tcp 10.0.0.1:8080: connect: connection refused';
const liveness = { probe: 'http', port: 8080, path: '/live' } as const;

/** What Kubernetes 1.34, containerd 2 and common languages really say. */
type Case = [string, Partial<Facts>, FindingKind, object, string];
const cases: Case[] = [
  ['OOMKilled', run(ended(137, 'OOMKilled')), 'out_of_memory', { limitMiB: 512 }, 'certain'],
  [
    'killed with the memory at its limit',
    run(ended(137), { peakMemoryMiB: 500 }),
    'out_of_memory',
    { limitMiB: 512, peakMiB: 500 },
    'likely',
  ],
  [
    'Node that gives up by itself',
    run(ended(134), {
      log: ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', '', 'Aborted'],
    }),
    'out_of_memory',
    { limitMiB: 512 },
    'likely',
  ],
  ['exit code 0', run(ended(0, 'Completed')), 'exits_normally', {}, 'certain'],
  [
    'exit code 78 and a line that names the variable',
    run(ended(78), { log: ['INFO start', 'FATAL: missing environment variable DB_URL'] }),
    'variable_missing',
    { name: 'DB_URL' },
    'certain',
  ],
  [
    'a Chinese line that names the variable',
    run(ended(1), { log: ['ERROR 缺少环境变量 DB_URL，无法启动'] }),
    'variable_missing',
    { name: 'DB_URL' },
    'likely',
  ],
  [
    'Python',
    run(ended(1), { log: ['Traceback (most recent call last):', "KeyError: 'REDIS_HOST'"] }),
    'variable_missing',
    { name: 'REDIS_HOST' },
    'likely',
  ],
  [
    'Spring',
    run(ended(1), {
      log: ["Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder 'DB_PASSWORD' in value"],
    }),
    'variable_missing',
    { name: 'DB_PASSWORD' },
    'likely',
  ],
  [
    'envalid',
    run(ended(1), { log: ['Error: REQUIRED_TOKEN is not set'] }),
    'variable_missing',
    { name: 'REQUIRED_TOKEN' },
    'likely',
  ],
  [
    'a variable that is there and is called wrong',
    run(ended(1), { log: ['LOG_LEVEL is required to be one of debug, info'] }),
    'config_missing',
    { variable: 'LOG_LEVEL' },
    'possible',
  ],
  ['exit code 78 without a word', run(ended(78)), 'config_missing', { exitCode: 78 }, 'likely'],
  [
    'Node and a name that does not resolve',
    run(ended(1), { log: ['Error: getaddrinfo ENOTFOUND quote-db.wealth-prod.svc'] }),
    'dependency_unresolved',
    { host: 'quote-db.wealth-prod.svc' },
    'certain',
  ],
  [
    'Go and a name that does not resolve',
    run(ended(2), {
      log: ['panic: dial tcp: lookup quote-db on 10.96.0.10:53: no such host', 'goroutine 1 [running]:'],
    }),
    'dependency_unresolved',
    { host: 'quote-db' },
    'certain',
  ],
  [
    'Java and a name that does not resolve',
    run(ended(1), { log: ['Caused by: java.net.UnknownHostException: quote-db: Name or service not known'] }),
    'dependency_unresolved',
    { host: 'quote-db' },
    'certain',
  ],
  [
    'PostgreSQL and a name that does not resolve',
    run(ended(1), { log: ['could not translate host name "quote-db" to address: Name or service not known'] }),
    'dependency_unresolved',
    { host: 'quote-db' },
    'certain',
  ],
  [
    'one that runs, is not ready, and cannot find what it needs',
    run(
      { state: 'not_ready', restarts: 0, lastEnd: null, detail: 'Readiness probe failed' },
      { log: ['curl: (6) Could not resolve host: quote-db'] },
    ),
    'dependency_unresolved',
    { host: 'quote-db' },
    'certain',
  ],
  [
    'a refused connection',
    run(ended(1), { log: ['Error: connect ECONNREFUSED 10.96.3.7:5432'] }),
    'dependency_unreachable',
    { address: '10.96.3.7:5432' },
    'likely',
  ],
  [
    'an image version that is not there',
    pulling('ErrImagePull: failed to resolve reference "hub.example/shop/cart:9": hub.example/shop/cart:9: not found'),
    'image_not_found',
    { image: 'hub.example/shop/cart:1.4.2' },
    'certain',
  ],
  [
    'a registry that wants a login',
    pulling('ErrImagePull: failed to authorize: failed to fetch anonymous token: 401 Unauthorized'),
    'image_unauthorized',
    { image: 'hub.example/shop/cart:1.4.2' },
    'certain',
  ],
  [
    'Docker Hub and a private repository',
    pulling('ErrImagePull: pull access denied, repository does not exist or may require authorization'),
    'image_unauthorized',
    {},
    'certain',
  ],
  [
    'a registry that does not answer',
    pulling('ErrImagePull: failed to do request: Head "https://hub.example/v2/": dial tcp 10.0.0.9:443: i/o timeout'),
    'registry_unreachable',
    { registry: 'hub.example' },
    'certain',
  ],
  [
    'an image for other machines',
    pulling('ErrImagePull: no match for platform in manifest sha256:aa: not found'),
    'image_wrong_architecture',
    {},
    'certain',
  ],
  [
    'a name that is none',
    pulling('InvalidImageName: couldn\'t parse image name "a b"'),
    'image_invalid',
    {},
    'certain',
  ],
  [
    'a pull that only backs off, with the words of the first try in an event',
    {
      ...pulling('ImagePullBackOff: Back-off pulling image "hub.example/shop/cart:9"'),
      events: [anEvent({ reason: 'Failed', message: 'Failed to pull image: manifest unknown' })],
    },
    'image_not_found',
    {},
    'certain',
  ],
  [
    'a Secret that is missing',
    waiting('CreateContainerConfigError: secret "cart-secret-1a-v2" not found'),
    'config_missing',
    { secret: 'cart-secret-1a-v2' },
    'certain',
  ],
  [
    'an image that runs as root',
    waiting('CreateContainerConfigError: container has runAsNonRoot and image will run as root (pod: "x")'),
    'user_not_allowed',
    {},
    'certain',
  ],
  [
    'a command that is not in the image',
    run({
      detail: 'exit code 128 (StartError): exec: "/app/srv": stat /app/srv: no such file or directory',
      lastEnd: { exitCode: 128, reason: 'StartError', at },
    }),
    'command_not_found',
    {},
    'certain',
  ],
  ['exit code 127', run(ended(127)), 'command_not_found', {}, 'likely'],
  [
    'no node with room',
    run({
      state: 'pending',
      detail: '0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available',
      lastEnd: null,
      restarts: 0,
    }),
    'no_capacity',
    { cpuMillis: 250, memoryMiB: 256 },
    'certain',
  ],
  ...(
    [
      ['1 node(s) had untolerated taint {dedicated: gpu}', 'taint'],
      ["1 node(s) didn't match Pod's node affinity/selector", 'selector'],
      ['1 node(s) had volume node affinity conflict', 'volume'],
      ['pod has unbound immediate PersistentVolumeClaims', 'volume'],
      ["1 node(s) didn't match pod topology spread constraints", 'spread'],
      ['1 node(s) were not to its taste', null],
    ] as const
  ).map(([words, reason]): Case => [
    `no node that suits: ${words}`,
    run({ state: 'pending', detail: `0/1 nodes are available: ${words}.`, lastEnd: null, restarts: 0 }),
    'unschedulable',
    { reason },
    'certain',
  ]),
  [
    'a readiness check that fails',
    run(
      { state: 'not_ready', detail: null, lastEnd: null, restarts: 0 },
      { events: [anEvent({ message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' })] },
    ),
    'readiness_failing',
    { probe: 'http', port: 8080, path: '/ready' },
    'certain',
  ],
  [
    'a readiness check that is refused: nothing listens on its port',
    run(
      { state: 'not_ready', detail: null, lastEnd: null, restarts: 0 },
      { events: [anEvent({ message: refused })], log: ['INFO serves metrics on 0.0.0.0:9090'] },
    ),
    'readiness_failing',
    { probe: 'http', port: 8080, path: '/ready', reason: 'nobody_listens' },
    'certain',
  ],
  ...[
    'listening on 127.0.0.1:8080',
    'sample-web 1.2 监听 127.0.0.1:8080',
    'Uvicorn started on http://localhost:8080',
  ].map((line): Case => [
    `a readiness check that is refused, and "${line}"`,
    run(
      { state: 'not_ready', detail: null, lastEnd: null, restarts: 0 },
      { events: [anEvent({ message: refused })], log: [line, 'GET / 200'] },
    ),
    'readiness_failing',
    { probe: 'http', port: 8080, path: '/ready', reason: 'loopback_only' },
    'certain',
  ]),
  [
    'a liveness check that fails, though the process then ends with 0',
    run(ended(0, 'Completed'), {
      spec: aSpec({ liveness }),
      events: [
        anEvent({ message: 'Liveness probe failed: Get "http://10.0.0.1:8080/live": connection refused' }),
        anEvent({ reason: 'Killing', message: 'Container main failed liveness probe, will be restarted' }),
      ],
    }),
    'liveness_failing',
    { probe: 'http', port: 8080, path: '/live', startup: false },
    'certain',
  ],
  [
    'a start that takes too long',
    run(ended(137), {
      spec: aSpec({ liveness }),
      events: [anEvent({ message: 'Startup probe failed: HTTP probe failed with statuscode: 404' })],
    }),
    'liveness_failing',
    { startup: true },
    'likely',
  ],
  ['a crash that nobody explains', run(ended(139)), 'crash', { exitCode: 139, signal: 11 }, 'possible'],
  ['a plain exit code', run(ended(3), { log: ['bye'] }), 'crash', { exitCode: 3, signal: null }, 'possible'],
  [
    'a cluster that is silent',
    { containers: [], silent: [{ cluster: 'shanghai', since: at }] },
    'cluster_silent',
    { cluster: 'shanghai' },
    'certain',
  ],
  [
    'a quota',
    { containers: [], refusals: [{ cluster: 'beijing', code: 'quota', detail: 'exceeded quota: compute' }] },
    'quota',
    { cluster: 'beijing' },
    'certain',
  ],
  [
    'a namespace that is not ours',
    { refusals: [{ cluster: 'beijing', code: 'foreign_namespace', detail: null }] },
    'cluster_refuses',
    { cluster: 'beijing', code: 'foreign_namespace' },
    'certain',
  ],
  ['nothing at all', { containers: [] }, 'unknown', {}, 'possible'],
];

describe('why a service is not well', () => {
  test.each(cases)('%s', (_, change, kind, params, confidence) => {
    const finding = explain(facts(change));
    expect(finding).toMatchObject({ kind, params, confidence });
  });

  test('nothing, when every container is ready, or only young', () => {
    const ready = aContainer({ state: 'running', ready: true, restarts: 0, detail: null });
    const young = aContainer({ state: 'starting', restarts: 0, detail: null, lastEnd: null });
    expect(explain(facts({ containers: [ready], ready: 2 }))).toBeNull();
    expect(explain(facts({ containers: [young] }))).toBeNull();
  });

  test('a roll-out that fails while the old containers serve is explained by the new ones', () => {
    const old = aContainer({ name: 'cart-old', release: 2, state: 'running', ready: true, restarts: 0 });
    const found = explain(facts({ ready: 2, containers: [old, aContainer(ended(78))] }));
    expect(found).toMatchObject({ kind: 'config_missing', container: 'cart-5d8-aaaaa' });
  });

  test('the latest line that says something speaks, not the last line', () => {
    const log = ['Error: getaddrinfo ENOTFOUND first', 'Error: getaddrinfo ENOTFOUND second', '    at node:dns:108:26'];
    expect(explain(facts({ log }))?.params).toEqual({ host: 'second' });
  });

  test('proof is the exit code, the line, the restarts, the counts, and the last good release', () => {
    const finding = explain(facts({ ...run(ended(78)), log: ['missing environment variable DB_URL'] }));
    expect(finding?.proof).toEqual([
      { code: 'exit_code', params: { exitCode: 78, reason: 'Error' } },
      { code: 'log_line', params: { text: 'missing environment variable DB_URL' } },
      { code: 'restarts', params: { count: 3, minutes: 10 } },
      { code: 'ready_count', params: { ready: 0, desired: 2 } },
      { code: 'well_before', params: { release: 2 } },
    ]);
  });
});

test('a run that was killed after 12 s says so', () => {
  const lastEnd = { exitCode: 137, reason: 'Error', at, ranSeconds: 12 };
  expect(explain(facts(run({ lastEnd })))?.proof.slice(0, 3)).toEqual([
    { code: 'exit_code', params: { exitCode: 137, reason: 'Error' } },
    { code: 'signal', params: { signal: 9 } },
    { code: 'ran_for', params: { ranSeconds: 12 } },
  ]);
});

describe('what can be done about it', () => {
  const actionsOf = (change: Partial<Facts>) => explain(facts(change))?.actions.map(({ code }) => code);

  test('a missing variable: add it, go back, read the log of the run before', () => {
    const actions = explain(facts({ ...run(ended(78)), log: ['missing environment variable DB_URL'] }))?.actions;
    expect(actions).toEqual([
      { code: 'add_variable', params: { name: 'DB_URL' } },
      { code: 'rollback', params: { release: 2 } },
      { code: 'open_log', params: { cluster: 'beijing', container: 'cart-5d8-aaaaa', previous: true } },
    ]);
  });

  test.each([
    [64, 128],
    [512, 1024],
    [1000, 2048],
    [40_000, 80_000],
  ])('a memory limit of %i MiB is raised to %i MiB', (memoryMiB, raised) => {
    const finding = explain(facts({ ...run(ended(137, 'OOMKilled')), spec: aSpec({ memoryMiB }) }));
    expect(finding?.actions[0]).toEqual({ code: 'raise_memory', params: { memoryMiB: raised } });
  });

  test('without a release that was good nothing is rolled back', () => {
    expect(actionsOf({ lastGood: null })).toEqual(['open_log']);
  });

  test('a release that was well itself: going back to another is the last thing to do', () => {
    const finding = explain(facts({ ...run(ended(137, 'OOMKilled')), wasGood: true }));
    expect(finding?.actions.map(({ code }) => code)).toEqual(['raise_memory', 'open_log', 'rollback']);
    expect(finding?.proof).toContainEqual({ code: 'well_until', params: { release: 3, at } });
    expect(finding?.proof.map(({ code }) => code)).not.toContain('well_before');
  });

  test('a variable that is there and not accepted leads to its row', () => {
    const log = ['LOG_LEVEL is required to be one of debug, info'];
    expect(explain(facts({ ...run(ended(1)), log }))?.actions[0]).toEqual({
      code: 'edit_settings',
      params: { field: 'variable', name: 'LOG_LEVEL' },
    });
  });

  test('an unexplained crash: the log first', () => {
    expect(actionsOf(run(ended(3)))).toEqual(['open_log', 'rollback']);
  });

  test('of a program that listens on the loopback alone: first its variables, not the check, which is right', () => {
    const container = { state: 'not_ready', detail: null, lastEnd: null, restarts: 0 } as const;
    const events = [anEvent({ message: refused })];
    const finding = explain(facts({ ...run(container), events, log: ['listening on 127.0.0.1:8080'] }));
    expect(finding?.actions[0]).toEqual({ code: 'edit_settings', params: { field: 'variables' } });
  });

  test('a silent cluster: nothing but the cluster, as a rollback would help nobody', () => {
    expect(actionsOf({ containers: [], silent: [{ cluster: 'shanghai', since: null }] })).toEqual(['open_cluster']);
  });

  test('an image that needs a login: the credential of the registry', () => {
    expect(explain(facts(pulling('ErrImagePull: 401 Unauthorized')))?.actions[0]).toEqual({
      code: 'edit_settings',
      params: { field: 'registryCredential' },
    });
  });
});
