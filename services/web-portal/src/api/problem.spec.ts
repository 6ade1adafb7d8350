import { missing, problemOf } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import { en } from '../i18n/en/index.js';
import { zh } from '../i18n/zh/index.js';
import { translator } from '../i18n/index.js';
import { problemText } from './problem.js';

const t = (texts: Readonly<Record<string, string>>, language: 'zh-CN' | 'en') =>
  translator(
    {
      exists: (key: string) => key in texts,
      t: (key: string, { replace }: { replace: Record<string, unknown> }) =>
        (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String(replace[name])),
    } as never,
    language,
  );
const chinese = t(zh, 'zh-CN');
const english = t(en, 'en');

const rollout = (liveRelease: number | null) =>
  problemOf(
    'rollout_deadline',
    {
      seconds: 60,
      ready: 0,
      desired: 4,
      release: 2,
      cause: 'In beijing: probe_failing: GET :8080/ready 404.',
      causeCode: 'probe_failing',
      cluster: 'beijing',
      stillServes: 'Release #1 keeps serving; 4 of 4 containers are ready in all.',
      liveRelease,
    },
    {
      errors: [
        {
          path: 'beijing',
          code: 'probe_failing',
          message: '0 of 2 ready: probe_failing: GET :8080/ready 404',
          params: { ready: 0, desired: 2, detail: 'GET :8080/ready 404' },
        },
        {
          path: 'shanghai',
          code: 'not_ready',
          message: '0 of 2 ready',
          params: { ready: 0, desired: 2, detail: null },
        },
      ],
    },
  );

describe('the text of a problem', () => {
  test('a roll-out that was not ready in time is told in Chinese alone, but for what the cluster said', () => {
    expect(problemText(chinese, rollout(1))).toMatchObject({
      title: '未按时就绪',
      detail: '60 秒后，发布版本 #2 的 4 个容器中有 0 个就绪。beijing：健康检查未通过。',
      stillWorks: '发布版本 #1 继续服务。',
      rows: [
        { where: 'beijing', text: '就绪 0/2 · 健康检查未通过 · GET :8080/ready 404' },
        { where: 'shanghai', text: '就绪 0/2' },
      ],
    });
  });

  test('a first deploy says that nothing served before, in both languages', () => {
    expect(problemText(chinese, rollout(null)).stillWorks).toBe(zh['problem.nothingServed']);
    expect(problemText(english, rollout(null)).stillWorks).toBe(en['problem.nothingServed']);
  });

  test('a superseded operation names what took its place by its word', () => {
    const problem = problemOf('superseded', { kind: 'service.upgrade' });
    expect(problemText(chinese, problem).detail).toBe('同一服务后来的滚动升级取代了它。');
    expect(problemText(english, problem).detail).toContain(en['operationKind.service.upgrade']);
  });

  test('a missing right names the right and the roles one has by their words', () => {
    const roles = 'developer (project:shop), viewer (platform)';
    const problem = problemOf('forbidden', { permission: 'service.deploy', scope: 'shop/prod', roles });
    const { detail } = problemText(chinese, problem);
    expect(detail).toContain('shop/prod');
    expect(detail).toContain('部署');
    expect(detail).toContain('开发者 (project:shop), 只读 (platform)');
    const nothing = problemOf('forbidden', { permission: 'user.manage', scope: 'platform', roles: 'none' });
    expect(problemText(chinese, nothing).detail).toMatch(/整个平台.*user\.manage.*无/);
  });

  test.each([
    [problemOf('not_found', missing('service', 'shop/prod/cart')), '没有服务 shop/prod/cart，或你看不到它。'],
    [problemOf('not_found', missing('operation')), '没有这个操作，或你看不到它。'],
    [
      problemOf('nothing_to_do', {
        why: 'not_quarantined',
        cluster: 'beijing',
        phase: 'ready',
        reason: 'The cluster…',
      }),
      '集群 beijing 的状态是“正常”，只有已隔离的集群才需要重新接纳。',
    ],
    [problemOf('kubeconfig_invalid', { code: 'not_https', reason: 'The API…' }), 'API server 的地址必须是 https。'],
  ])('what only names something has no English word in Chinese: %#', (problem, detail) => {
    expect(problemText(chinese, problem).detail).toBe(detail);
  });

  test('a cluster that did not become ready is told by what was seen of it, once', () => {
    const errors = [
      { path: 'beijing', code: 'answers', message: 'answers in 9 ms', params: { latencyMs: 9 } },
      { path: 'beijing', code: 'credential_refused', message: 'it refuses the credential of the platform' },
    ];
    const cause = 'answers in 9 ms; it refuses the credential of the platform';
    const problem = problemOf('cluster_unreachable', { server: 'https://b.example:6443', cause }, { errors });
    expect(problemText(chinese, problem)).toMatchObject({
      detail: 'https://b.example:6443：9 ms 内应答；集群拒绝平台的凭据。',
      rows: [],
    });
  });

  test('a field that the platform does not know is named, and what is wrong with it said in words', () => {
    const errors = [{ path: 'isAdmin', code: 'unknown_field', message: 'There is no such field.' }];
    const { rows } = problemText(chinese, problemOf('bad_request', {}, { errors }));
    expect(rows).toEqual([{ where: 'isAdmin', text: '没有这个字段' }]);
  });

  test('a code that this portal does not know is said in the English it came with', () => {
    const problem = { code: 'of_tomorrow', title: 'T', detail: 'D', actor: 'wait' as const };
    expect(problemText(chinese, problem)).toMatchObject({ title: 'T', detail: 'D', stillWorks: null, todo: null });
  });
});
