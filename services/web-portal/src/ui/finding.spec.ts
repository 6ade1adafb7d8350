import { findingActions, findingKinds, proofCodes } from '@berth/api';
import { describe, expect, test } from '@jest/globals';
import i18next from 'i18next';
import { en } from '../i18n/en/index.js';
import { translator } from '../i18n/index.js';
import { zh } from '../i18n/zh/index.js';
import { findingActionText, findingText, proofText } from './finding.js';

const instance = i18next.createInstance();
await instance.init({
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { prefix: '{', suffix: '}', escapeValue: false },
  resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
});
const speaking = (language: 'zh-CN' | 'en') =>
  translator(
    {
      t: instance.getFixedT(language) as typeof instance.t,
      exists: ((key: string) => key in zh) as typeof instance.exists,
    },
    language,
  );
const t = speaking('zh-CN');

describe('the words of a finding', () => {
  test.each(['zh-CN', 'en'] as const)('in %s have no placeholder left, also when nothing is known', (language) => {
    const words = speaking(language);
    const texts = [
      ...findingKinds.map((kind) => findingText(words, { kind, params: {} })),
      ...proofCodes.map((code) => proofText(words, { code, params: {} })),
      ...findingActions.map((code) => findingActionText(words, { code, params: {} })),
    ];
    for (const text of texts) expect(text).not.toMatch(/[{}]|[：:]$|_/);
  });

  test.each([
    ['a host', { kind: 'dependency_unresolved', params: { host: 'quote-db' } }, '依赖的地址无法解析：quote-db'],
    ['no host', { kind: 'dependency_unresolved', params: { host: null } }, '依赖的地址无法解析'],
    ['a secret', { kind: 'config_missing', params: { secret: 'cart-v2' } }, '引用的配置或密文不存在：cart-v2'],
    [
      'exit code 78 alone',
      { kind: 'config_missing', params: { exitCode: 78 } },
      '程序报告自己的配置有误（退出码 78），多半是缺少变量或文件',
    ],
    [
      'a variable that is there',
      { kind: 'config_missing', params: { variable: 'LOG_LEVEL' } },
      '程序不接受环境变量 LOG_LEVEL 的值',
    ],
    ['a taint', { kind: 'unschedulable', params: { reason: 'taint' } }, '节点有污点，不接收这个服务的容器'],
    ['what nobody foresaw', { kind: 'unschedulable', params: { reason: null } }, '没有符合要求的节点'],
  ] as const)('%s', (_, finding, text) => {
    expect(findingText(t, finding)).toBe(text);
  });

  test('a button names what it changes', () => {
    const text = (params: Record<string, string>) => findingActionText(t, { code: 'edit_settings', params });
    expect(text({ field: 'variables' })).toBe('修改环境变量');
    expect(text({ field: 'variable', name: 'LOG_LEVEL' })).toBe('修改环境变量 LOG_LEVEL');
  });
});
