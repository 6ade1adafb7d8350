import { describe, expect, test } from '@jest/globals';
import type { OperationStep } from '@berth/contracts';
import type { Translate } from '../../i18n/index.js';
import { en } from '../../i18n/en/index.js';
import { zh } from '../../i18n/zh/index.js';
import { resultText, stepText } from './step-words.js';

function translate(texts: Readonly<Record<string, string>>, language: Translate['language']): Translate {
  const fill = (key: string, params: object | undefined) =>
    (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => String((params as Record<string, unknown>)[name]));
  return Object.assign((key: string, params?: object) => fill(key, params), {
    say: (key: string, params: object | undefined, otherwise: string) => (key in texts ? fill(key, params) : otherwise),
    language,
  });
}
const inZh = translate(zh, 'zh-CN');
const inEn = translate(en, 'en');
const step = (fact: OperationStep['fact'], detail?: string): OperationStep => ({
  name: 'ready',
  state: 'running',
  startedAt: '2026-01-01T00:00:00Z',
  ...(fact && { fact }),
  ...(detail !== undefined && { detail }),
});

describe('what a step says', () => {
  const failing = { code: 'ready', params: { ready: 1, desired: 2, cause: 'probe_failing', said: 'HTTP 500' } };

  test('is words, numbers and what the container itself said, in both languages', () => {
    expect(stepText(inZh, step(failing, 'ready 1/2; probe_failing: HTTP 500'))).toBe(
      '就绪 1/2 · 健康检查未通过 · HTTP 500',
    );
    expect(stepText(inEn, step(failing))).toBe('ready 1/2 · Health check fails · HTTP 500');
  });

  test('tells the end of a container in numbers, not in the English it came with', () => {
    const params = { ready: 0, desired: 2, cause: 'crash_loop', said: 'cart-1: exit code 78', container: 'cart-1' };
    const crash = { code: 'ready', params: { ...params, exitCode: 78 } };
    expect(stepText(inZh, step(crash))).toBe('就绪 0/2 · 反复重启 · cart-1: 退出码 78');
    expect(stepText(inEn, step(crash))).toContain('cart-1: exit code 78');
    const killed = { code: 'ready', params: { ...params, exitCode: 137, signal: 9, endReason: 'OOMKilled' } };
    expect(stepText(inZh, step(killed))).toContain('cart-1: 信号 9 · OOMKilled');
  });

  test('of a silent cluster is its last word', () => {
    const silent = { code: 'ready', params: { ready: 0, desired: 2, silent: true } };
    expect(stepText(inZh, step(silent))).toBe('集群没有应答；最后一次：就绪 0/2');
    expect(stepText(inZh, step({ code: 'silent', params: { silent: true } }))).toBe('集群没有应答');
    expect(stepText(inZh, step({ code: 'removing', params: { silent: true } }))).toBe('集群没有应答；恢复后会清理');
  });

  test('of a cluster that was waited for is what was seen of it', () => {
    const proof = [{ code: 'answers', params: { latencyMs: 9 } }, { code: 'watch_live' }];
    const ready = { ...step(undefined, 'answers in 9 ms; watch live'), proof };
    expect([stepText(inZh, ready), stepText(inEn, ready)]).toEqual([
      '9 ms 内应答；监听实时',
      'answers in 9 ms; watch live',
    ]);
  });

  test('that waits names what for', () => {
    const waits = { code: 'waits_for', params: { kind: 'service.upgrade', operationId: 'x' } };
    expect(stepText(inZh, step(waits))).toBe('等待正在执行的滚动升级');
  });

  test('without a code is its own English, and nothing where a table says it', () => {
    expect(stepText(inZh, step(undefined, '2 left'))).toBe('2 left');
    const split = { ...step(undefined, 'beijing 2'), split: [] };
    expect(stepText(inZh, split)).toBe('');
  });

  test('of an end is words, too', () => {
    expect([resultText(inZh, { release: 8, replicas: 4 }), resultText(inEn, { release: 8, replicas: 4 })]).toEqual([
      '发布版本 #8 · 4 个副本',
      'release #8 · 4 replicas',
    ]);
  });
});
