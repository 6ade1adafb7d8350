import { describe, expect, test } from '@jest/globals';
import { diagnoseLog } from './log-signs.js';

const known = new Set(['LOG_LEVEL']);
const judged = (...lines: string[]) => diagnoseLog(lines, known);

/** As these runtimes and tools print it. */
test.each<[string, string, string]>([
  ['Node, by hand', 'FATAL: missing environment variable DB_URL', 'DB_URL'],
  ['Node, a short name', 'Error: environment variable PORT is not set', 'PORT'],
  ['envalid', 'Error: REQUIRED_TOKEN is not set', 'REQUIRED_TOKEN'],
  ['zod', 'DB_URL: Required', 'DB_URL'],
  ['Node, process.env', 'TypeError: process.env.DB_URL is undefined', 'DB_URL'],
  ['Node, undefined', 'config error: DB_URL: undefined', 'DB_URL'],
  ['dash, ${DB_URL:?}', '/app/start.sh: 3: DB_URL: parameter not set', 'DB_URL'],
  ['bash, ${DB_URL:?}', 'start.sh: line 3: DB_URL: parameter null or not set', 'DB_URL'],
  ['bash, set -u', '/start.sh: line 7: DB_URL: unbound variable', 'DB_URL'],
  ['bash, set -u, a short name', '/start.sh: line 7: PORT: unbound variable', 'PORT'],
  ['a shell with words of its own', 'DB_URL: must be set', 'DB_URL'],
  ['short', 'Missing env DB_URL', 'DB_URL'],
  ['config', 'Missing required config DB_URL', 'DB_URL'],
  ['several', 'Missing required environment variables: DB_URL, REDIS_URL', 'DB_URL'],
  ['capitals', 'MISSING ENV DB_URL', 'DB_URL'],
  ['must be provided', 'DATABASE_URL must be provided', 'DATABASE_URL'],
  ['not specified', 'DB_URL not specified', 'DB_URL'],
  [
    'dotenv-safe',
    'MissingEnvVarsError: The following variables were defined in .env.example but are not present in the environment: DB_URL',
    'DB_URL',
  ],
  [
    'the image of PostgreSQL',
    '       You must specify POSTGRES_PASSWORD to a non-empty value for the superuser.',
    'POSTGRES_PASSWORD',
  ],
  ['Python', "KeyError: 'REDIS_HOST'", 'REDIS_HOST'],
  ['Django', 'django.core.exceptions.ImproperlyConfigured: Set the SECRET_KEY environment variable', 'SECRET_KEY'],
  ['Ruby', 'key not found: "DB_URL" (KeyError)', 'DB_URL'],
  ['Rust', "thread 'main' panicked at src/main.rs:9: DB_URL must be set: NotPresent", 'DB_URL'],
  ['Go, caarls0/env', 'panic: env: required environment variable "DB_URL" is not set', 'DB_URL'],
  ['Go, envconfig', 'required key DB_URL missing value', 'DB_URL'],
  [
    'Spring',
    'Caused by: java.lang.IllegalArgumentException: Could not resolve placeholder \'DB_PASSWORD\' in value "${DB_PASSWORD}"',
    'DB_PASSWORD',
  ],
  ['Chinese', 'ERROR 缺少环境变量 DB_URL，无法启动', 'DB_URL'],
  ['Chinese, the name first', '启动失败：DB_URL 未设置', 'DB_URL'],
  ['JSON', '{"level":"fatal","msg":"DB_URL is required"}', 'DB_URL'],
])('%s: %s', (_, line, name) => {
  expect(judged(line)).toMatchObject({ kind: 'variable_missing', params: { name } });
});

/** Lines of programs that miss nothing. */
test.each([
  'INFO loaded environment variable LOG_FORMAT=info',
  'using environment variable NODE_ENV',
  'env var HTTP_PROXY ignored',
  '[undefined] GET /health',
  'Required environment variables: DB_URL, REDIS_URL',
  'DEBUG environment variable DB_URL is set',
  'HTTP_PROXY is not set, using a direct connection',
  'INFO SENTRY_DSN not set; error reporting is disabled',
  'WARN CACHE_SIZE not set, defaulting to 100',
  'DB_POOL_SIZE 未设置，使用默认值 10',
  'ERROR undefined is not a function',
  'ERROR: null value in column "USER_ID" violates not-null constraint',
  'POST /orders 400 field USER_ID is required',
  '用户 ADMIN 不存在',
  'GET /missing HTTP/1.1 404',
  'SELECT * FROM T_ORDER',
  'LOG_LEVEL=info PORT=8080',
  'OAUTH_TOKEN: set',
  '2026-01-01 12:00:00.000  INFO 1 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer : Tomcat started on port 8080 (http)',
  '127.0.0.1 - - [01/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8.5.0"',
  'GET /favicon.ico: not found',
])('%s: nothing is wrong', (line) => {
  expect(judged(line)).toBeNull();
});

test('a variable that is there may be wrong, it is not missing', () => {
  expect(judged('LOG_LEVEL is required to be one of debug, info')).toMatchObject({
    kind: 'config_missing',
    params: { variable: 'LOG_LEVEL' },
    confidence: 'possible',
  });
});

test.each<[string, string, string | null]>([
  ['Node', 'Error: connect ECONNREFUSED 10.96.3.7:5432', '10.96.3.7:5432'],
  ['Node, several addresses', "  code: 'ECONNREFUSED'", null],
  ['Go', 'dial tcp 10.96.3.7:6379: connect: connection refused', '10.96.3.7:6379'],
  ['Python', 'ConnectionRefusedError: [Errno 111] Connection refused', null],
  [
    'Python, requests',
    "HTTPConnectionPool(host='quote-api', port=8080): Max retries exceeded with url: / (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object>: Failed to establish a new connection: [Errno 111] Connection refused'))",
    'quote-api:8080',
  ],
  [
    'redis-py',
    'redis.exceptions.ConnectionError: Error 111 connecting to quote-redis:6379. Connection refused.',
    'quote-redis:6379',
  ],
  ['Java', 'Caused by: java.net.ConnectException: Connection refused', null],
  [
    'JDBC',
    'org.postgresql.util.PSQLException: Connection to quote-db:5432 refused. Check that the hostname and port are correct',
    'quote-db:5432',
  ],
  [
    'Kafka',
    '[AdminClient clientId=a] Connection to node -1 (kafka/10.0.0.9:9092) could not be established. Node may not be available.',
    'kafka/10.0.0.9:9092',
  ],
  [
    'psql',
    'psql: error: connection to server at "quote-db" (10.96.0.1), port 5432 failed: Connection refused',
    'quote-db:5432',
  ],
  ['MySQL', "ERROR 2003 (HY000): Can't connect to MySQL server on 'quote-db:3306' (111)", 'quote-db:3306'],
  [
    'nginx',
    '2026/01/01 12:00:00 [error] 29#29: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.1, server: _, upstream: "http://10.0.0.2:8080/"',
    '10.0.0.2:8080',
  ],
  ['curl', 'curl: (7) Failed to connect to quote-api port 8080 after 0 ms: Connection refused', 'quote-api:8080'],
])('what cannot be reached, %s: %s', (_, line, address) => {
  expect(judged(line)).toMatchObject({ kind: 'dependency_unreachable', params: { address } });
});

test.each<[string, string, string | null]>([
  ['nginx', 'nginx: [emerg] host not found in upstream "quote-api" in /etc/nginx/conf.d/default.conf:3', 'quote-api'],
  [
    'Python, urllib3',
    "NameResolutionError: Failed to resolve 'quote-api' ([Errno -2] Name or service not known)",
    'quote-api',
  ],
  ['Python, socket', 'socket.gaierror: [Errno -2] Name or service not known', null],
  ['Node', 'Error: getaddrinfo ENOTFOUND quote-db', 'quote-db'],
  ['Java', 'java.net.UnknownHostException: quote-db', 'quote-db'],
])('what does not resolve, %s: %s', (_, line, host) => {
  expect(judged(line)).toMatchObject({ kind: 'dependency_unresolved', params: { host } });
});

test.each<[string, string]>([
  ['dash', '/bin/sh: 1: serve: not found'],
  ['busybox', '/app/start.sh: line 2: serve: not found'],
  ['bash', 'bash: line 1: serve: command not found'],
  ['env', "env: 'node': No such file or directory"],
  ['an interpreter that is not there', 'exec /docker-entrypoint.sh: no such file or directory'],
])('a command that is not there, %s: %s', (_, line) => {
  expect(judged(line)).toMatchObject({ kind: 'command_not_found' });
});

describe('of several lines', () => {
  test('the latest that says something speaks', () => {
    expect(judged('missing env DB_URL', 'getaddrinfo ENOTFOUND db', 'bye')?.kind).toBe('dependency_unresolved');
  });

  test('one without a name leaves the name to the line before it that has one', () => {
    const last = 'ConnectionRefusedError: [Errno 111] Connection refused';
    expect(judged('Error: connect ECONNREFUSED db:5432', '  at socket', last)?.params).toEqual({ address: 'db:5432' });
    expect(judged('missing env DB_URL', last)).toMatchObject({
      kind: 'dependency_unreachable',
      params: { address: null },
    });
  });
});
