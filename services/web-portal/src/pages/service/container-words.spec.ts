import { expect, test } from '@jest/globals';
import i18next from 'i18next';
import { translator } from '../../i18n/index.js';
import { en } from '../../i18n/en/index.js';
import { zh } from '../../i18n/zh/index.js';
import { containerWords, ownWords, pendingReason } from './container-words.js';

const told = (language: 'zh-CN' | 'en') => {
  const instance = i18next.createInstance();
  void instance.init({
    lng: language,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { prefix: '{', suffix: '}', escapeValue: false },
    resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
  });
  return translator(instance, language);
};

test.each([
  ['0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available', 'pending', 'no_capacity'],
  ['0/3 nodes are available: 3 Insufficient memory.', 'pending', 'no_capacity'],
  ['0/1 nodes are available: 1 Too many pods.', 'pending', 'no_capacity'],
  ['0/1 nodes are available: 1 node(s) had untolerated taint', 'pending', 'no_node'],
  ['waiting for the first look', 'pending', null],
  ['Insufficient cpu', 'crash_looping', null],
] as const)('%s of a container that is %s: %s', (detail, state, reason) => {
  expect(pendingReason({ state, detail })).toBe(reason);
});

test.each([
  [{ exitCode: 78, signal: null, reason: null, message: null }, '退出码 78', 'exit code 78'],
  [
    { exitCode: 137, signal: null, reason: 'OOMKilled', message: null },
    '退出码 137 · OOMKilled',
    'exit code 137 · OOMKilled',
  ],
  [
    { exitCode: 137, signal: 9, reason: null, message: 'core dumped' },
    '信号 9 · core dumped',
    'signal 9 · core dumped',
  ],
])('the end %j is said in Chinese and in English', (detailEnd, chinese, english) => {
  const container = { state: 'crash_looping', detail: 'exit code 78', detailEnd, lastHeard: null } as const;
  expect(containerWords(told('zh-CN'), container)).toBe(chinese);
  expect(containerWords(told('en'), container)).toBe(english);
  expect(ownWords(container)).toBeNull();
});

test('what the cluster said in its own words stays as it is', () => {
  const container = { state: 'image_error', detail: 'manifest unknown', detailEnd: null, lastHeard: null } as const;
  expect(containerWords(told('zh-CN'), container)).toBe('manifest unknown');
  expect(ownWords(container)).toBe('manifest unknown');
});
