import { problemOf, routes, statusOf, type Operation, type ProblemCode, type Route } from '@berth/api';
import { parseServiceKey, serviceKey, type OperationKind, type Problem, type ServiceSpec } from '@berth/contracts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import * as data from './fixture-data.js';

type Query = URLSearchParams;
interface Call {
  readonly params: Record<string, string>;
  readonly query: Query;
  readonly body: Record<string, unknown>;
  readonly ifMatch: string | undefined;
}
class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}
const refuse = (code: ProblemCode, params: NonNullable<Problem['params']> = {}, errors?: Problem['errors']): never => {
  throw new Refusal(problemOf(code, params, errors ? { errors } : {}));
};
const page = (items: unknown) => ({ items, continue: null });
const listeners = new Set<ServerResponse>();
let seq = 0;
let loggedIn = true;

function hint(kind: string, key: string): void {
  seq += 1;
  for (const response of listeners)
    response.write(`id: ${seq}\ndata: ${JSON.stringify({ seq, kind, key, version: seq })}\n\n`);
}

const serviceAt = (call: Call) => {
  const { project = '', environment = '', service = '' } = call.params;
  return data.services.get(`${project}/${environment}/${service}`) ?? refuse('not_found', { what: '服务' });
};

/** Opens an operation that goes through its steps in about six seconds. */
function operate(
  kind: OperationKind,
  target: string,
  cause: unknown,
  end: (operation: Operation) => void,
): { operationId: string; target: string } {
  const now = () => new Date().toISOString();
  const operation: Operation = {
    id: data.uuid(),
    kind,
    target,
    state: 'accepted',
    actor: data.people.admin,
    cause: typeof cause === 'string' ? cause : null,
    acceptedAt: now(),
    startedAt: null,
    endedAt: null,
    deadlineAt: new Date(Date.now() + 300_000).toISOString(),
    steps: [],
    effect: null,
    problem: null,
    result: null,
    correlationId: data.uuid(),
    medianMs: 6500,
  };
  data.operations.set(operation.id, operation);
  const todo: [Operation['steps'][number]['name'], string?][] = [
    ['check'],
    ['split_replicas'],
    ['apply', 'beijing'],
    ['apply', 'shanghai'],
    ['pull', 'beijing'],
    ['pull', 'shanghai'],
    ['ready', 'beijing'],
    ['ready', 'shanghai'],
    ['finish'],
  ];
  const tick = (index: number) => {
    const last = operation.steps.at(-1);
    if (last) Object.assign(last, { state: 'done', endedAt: now() });
    const next = todo[index];
    operation.state = 'running';
    operation.startedAt ??= now();
    if (next) {
      operation.steps.push({ name: next[0], ...(next[1] && { cluster: next[1] }), state: 'running', startedAt: now() });
      setTimeout(() => tick(index + 1), 650);
    } else {
      operation.state = 'succeeded';
      operation.endedAt = now();
      end(operation);
      hint('service', target);
    }
    hint('operation', operation.id);
  };
  setTimeout(() => tick(0), 700);
  return { operationId: operation.id, target };
}

function setReplicas(key: string, total: number): void {
  const service = data.services.get(key);
  if (!service?.placement) return;
  const first = Math.ceil(total / 2);
  const clusters = service.clusters.map((row, index) => ({
    ...row,
    desired: index ? total - first : first,
    ready: index ? total - first : first,
  }));
  data.services.set(key, {
    ...service,
    desired: total,
    ready: total,
    clusters,
    placement: { ...service.placement, total },
  });
}

const change = (kind: OperationKind, act: (key: string, call: Call) => void) => (call: Call) => {
  const service = serviceAt(call);
  const key = serviceKey(parseServiceKey(`${service.project}/${service.environment}/${service.code}`));
  return operate(kind, key, call.body.cause, () => act(key, call));
};
function deploy(call: Call) {
  const body = call.body as { code: string; name: string; spec: ServiceSpec; replicas: number; cause?: string };
  const key = `${call.params.project}/${call.params.environment}/${body.code}`;
  if (data.services.get(key)?.uid)
    refuse('name_taken', { service: body.code, scope: `${call.params.project}/${call.params.environment}` });
  if (body.spec.size.cpuMillis > 4000)
    refuse('no_capacity', { replicas: body.replicas, ...body.spec.size }, [
      {
        path: 'beijing',
        code: 'too_little_cpu',
        message: '',
        params: { asked: body.spec.size.cpuMillis, free: 2250, fits: 0 },
      },
    ]);
  const half = Math.ceil(body.replicas / 2);
  data.services.set(key, {
    ...data.detailOf(
      {
        key,
        name: body.name,
        state: 'deploying',
        image: body.spec.image,
        desired: [half, body.replicas - half],
        ready: [0, 0],
      },
      1,
    ),
    spec: body.spec,
  });
  return operate('service.deploy', key, body.cause, () => {
    const service = data.services.get(key);
    if (service)
      data.services.set(key, {
        ...service,
        state: 'running',
        ready: service.desired,
        clusters: service.clusters.map((row) => ({ ...row, ready: row.desired })),
      });
  });
}

const tags = ['1.0', '1.1', '1.2-bad-probe'];
function resolve(call: Call) {
  const image = String(call.body.image);
  if (/\s/.test(image)) refuse('image_invalid', { image });
  if (image.includes('private')) refuse('image_unauthorized', { image });
  if (image.includes('arm')) refuse('image_wrong_architecture', { image, architectures: 'arm64', wanted: 'amd64' });
  if (image.startsWith('down')) refuse('registry_unreachable', { registry: 'down.local', cause: 'connection refused' });
  const tag = image.split(':')[1];
  if (!image.includes('/') || (tag !== undefined && image.startsWith('samples') && !tags.includes(tag)))
    refuse('image_not_found', { image });
  return {
    image: data.resolved(image.includes(':') ? image : `${image}:1.0`),
    tags: image.startsWith('samples') ? tags : ['latest'],
  };
}

function preview(call: Call) {
  const { replicas, size } = call.body as { replicas: number; size: { cpuMillis: number } };
  const first = Math.ceil(replicas / 2);
  const tooLarge = size.cpuMillis > 4000;
  return {
    placeable: !tooLarge,
    clusters: ['beijing', 'shanghai'].map((cluster, index) => ({
      cluster,
      displayName: index ? '上海' : '北京',
      replicas: tooLarge ? 0 : index ? replicas - first : first,
      reason: tooLarge
        ? { code: 'too_little_cpu', params: { asked: size.cpuMillis, free: 2250, fits: 0 } }
        : { code: 'even_share', params: { from: 0, fits: 9, freePercent: 41 } },
      freeCpuMillis: 2250,
      freeMemoryMiB: 4720,
    })),
  };
}

function list(call: Call) {
  const search = call.query.get('search') ?? '';
  const inScope = [...data.services.values()].filter(
    (row) =>
      (!call.query.get('project') || row.project === call.query.get('project')) &&
      (!call.query.get('environment') || row.environment === call.query.get('environment')) &&
      `${row.code}${row.name}`.includes(search),
  );
  const counts: Record<string, number> = {};
  for (const row of inScope) counts[row.state] = (counts[row.state] ?? 0) + 1;
  const shown = inScope.filter((row) => !call.query.get('state') || row.state === call.query.get('state'));
  const from = Number(call.query.get('continue') ?? 0);
  const limit = Number(call.query.get('limit') ?? 50);
  return {
    items: shown.slice(from, from + limit),
    continue: from + limit < shown.length ? String(from + limit) : null,
    counts,
    dataAsOf: new Date().toISOString(),
  };
}

const answers: Record<string, (call: Call) => unknown> = {
  getSession: () => (loggedIn ? data.me : refuse('not_logged_in')),
  login: (call) => {
    if (call.body.password === 'wrong') refuse('wrong_credentials');
    loggedIn = true;
    return { ...data.me, mustChangePassword: call.body.password === 'first' };
  },
  logout: () => null,
  changePassword: () => data.me,
  listUsers: () => page(data.users),
  listOperations: (call) =>
    page(
      [...data.operations.values()]
        .filter((row) => !call.query.get('target') || row.target === call.query.get('target'))
        .reverse(),
    ),
  getOperation: (call) => data.operations.get(call.params.id ?? '') ?? refuse('not_found', { what: '操作' }),
  listAudit: () => page(data.audit),
  listProjects: () => page(data.projects),
  listCatalogServices: () => page(data.catalog),
  listCmdbPushes: () => page(data.pushes),
  listClusters: () => page(data.clusters),
  sealClusterCredential: (call) => ({
    credential: String(call.body.kubeconfig).includes('bad') ? null : { name: 'x', version: 1 },
    apiServer: 'https://10.63.0.2:6443',
    caPem: 'pem',
    checks: [
      { name: 'reachable', state: 'ok', detail: '12 ms' },
      { name: 'version', state: 'ok', detail: 'v1.34.2' },
      {
        name: 'rights',
        state: String(call.body.kubeconfig).includes('bad') ? 'failed' : 'ok',
        detail: 'list pods, apply deployments',
      },
      { name: 'storage_class', state: 'warning', detail: 'no default' },
    ],
  }),
  registerCluster: (call) => operate('cluster.register', String(call.body.name), null, () => undefined),
  previewPlacement: preview,
  listServices: list,
  getService: serviceAt,
  listReleases: (call) => page(data.releasesOf(serviceAt(call))),
  listContainers: (call) => page(data.containersOf(serviceAt(call), call.query.get('past') === 'true')),
  listEvents: (call) =>
    page([
      {
        cluster: 'beijing',
        object: `${serviceAt(call).code}-7d9f8c5b6-be0`,
        kind: 'Pod',
        type: 'Warning',
        reason: 'BackOff',
        message: 'Back-off restarting failed container app in pod',
        count: 14,
        firstAt: data.ago(600_000),
        lastAt: data.ago(4000),
      },
      {
        cluster: 'shanghai',
        object: 'x',
        kind: 'Pod',
        type: 'Normal',
        reason: 'Pulled',
        message: 'Successfully pulled image in 1.2 s',
        count: 1,
        firstAt: null,
        lastAt: data.ago(90_000),
      },
    ]),
  listSecrets: () => page([]),
  resolveImage: resolve,
  checkName: (call) => ({
    free: !data.services.get(`${call.params.project}/${call.params.environment}/${call.params.service}`)?.uid,
    registered: data.catalog.some((row) => row.code === call.params.service),
    problem: null,
  }),
  putSecret: (call) => ({ name: call.params.name, version: 1, createdAt: new Date().toISOString() }),
  deployService: deploy,
  upgradeService: (call) =>
    call.ifMatch !== '"5"'
      ? refuse('stale_version', { seen: 4, current: 5 })
      : change('service.upgrade', () => undefined)(call),
  rollbackService: change('service.rollback', () => undefined),
  restartService: change('service.restart', () => undefined),
  stopService: change('service.stop', (key) => setReplicas(key, 0)),
  startService: change('service.start', (key) => setReplicas(key, 2)),
  scaleService: change('service.scale', (key, call) => setReplicas(key, Number(call.body.replicas))),
  deleteService: change('service.delete', (key) => data.services.delete(key)),
};

function streamLog(response: ServerResponse, query: Query): void {
  response.setHeader('content-type', 'application/x-ndjson');
  const write = (index: number) =>
    response.write(
      `${JSON.stringify({ at: new Date().toISOString(), text: index % 17 === 0 ? `ERROR 连接超时 upstream=quote-gateway attempt=${index}` : index % 7 === 0 ? `WARN slow request path=/api/fund/${index} took=812ms` : `INFO GET /api/fund/${index} 200 3ms 用户=${index * 7}` })}\n`,
    );
  for (let index = 1; index <= 400; index += 1) write(index);
  if (query.get('follow') !== 'true') return void response.end();
  let index = 400;
  const timer = setInterval(() => write((index += 1)), 700);
  response.on('close', () => clearInterval(timer));
}

function openFeed(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': hello\n\n');
  listeners.add(response);
  const beat = setInterval(() => response.write(': beat\n\n'), 10_000);
  response.on('close', () => {
    clearInterval(beat);
    listeners.delete(response);
  });
}

const table = Object.values(routes as Record<string, Route>).map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/:\w+/g, '([^/]+)')}$`),
  names: [...route.path.matchAll(/:(\w+)/g)].map((match) => String(match[1])),
}));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fixture');
  const found = table.find((row) => row.route.method === request.method && row.pattern.test(url.pathname));
  const values = found?.pattern.exec(url.pathname)?.slice(1) ?? [];
  const params = Object.fromEntries(
    found?.names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]) ?? [],
  );
  if (found?.route.id === 'feed') return openFeed(response);
  if (found?.route.id === 'readLogs') return streamLog(response, url.searchParams);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  try {
    const call: Call = {
      params,
      query: url.searchParams,
      body: text ? (JSON.parse(text) as unknown as Record<string, unknown>) : {},
      ifMatch: request.headers['if-match'],
    };
    const act = found && answers[found.route.id];
    const body = act ? act(call) : refuse('not_found', { what: url.pathname });
    if (found?.route.id === 'getService') response.setHeader('etag', '"5"');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.statusCode = found?.route.kind === 'command' ? 202 : 200;
    response.end(JSON.stringify(body));
  } catch (error) {
    const problem = error instanceof Refusal ? error.problem : problemOf('internal', { correlationId: String(error) });
    response.writeHead(statusOf(problem), {
      'content-type': 'application/problem+json; charset=utf-8',
      'x-correlation-id': data.uuid(),
    });
    response.end(JSON.stringify(problem));
  }
}

/**
 * Answers the whole API from memory, in `vite` and `vite preview`. Modes: `fixture`; `fixture-login` starts logged out;
 * `fixture-large` has 4,000 services.
 */
export function fixtureApi(mode: string): Plugin {
  loggedIn = mode !== 'fixture-login';
  data.fill(mode === 'fixture-large' ? 4000 : 60);
  const middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (request.url?.startsWith('/api/')) void answer(request, response);
    else next();
  };
  return {
    name: 'berth-fixture-api',
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => void server.middlewares.use(middleware),
  };
}
