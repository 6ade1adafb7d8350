import { en } from '../../services/web-portal/src/i18n/en/index.js';
import { zh } from '../../services/web-portal/src/i18n/zh/index.js';
import type { Language } from './browser.js';

/** The portal's own texts, so that journeys look for what people read. */
export type Word = keyof typeof zh;
export type Words = (key: Word, params?: Readonly<Record<string, string | number>>) => string;

const dictionaries: Readonly<Record<Language, Readonly<Record<Word, string>>>> = { 'zh-CN': zh, en };

/** The texts of one language; `{name}` is replaced by the parameter of that name. */
export function wordsOf(language: Language): Words {
  return (key, params = {}) =>
    dictionaries[language][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
