import i18next, { type i18n } from 'i18next';
import { useMemo } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { Language } from '../app/preferences.js';
import type { zh } from './zh/index.js';

/** Every text of the portal has a key; both languages have the same keys, which the compiler checks. */
export type Key = keyof typeof zh;
type Params = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** `t('key')` for texts known here; `say` for codes that come from the platform, with a text of last resort. */
export interface Translate {
  (key: Key, params?: Params): string;
  say(key: string, params: Params | undefined, otherwise: string): string;
  readonly language: Language;
}

const load: Record<Language, () => Promise<Readonly<Record<string, string>>>> = {
  'zh-CN': async () => (await import('./zh/index.js')).zh,
  en: async () => (await import('./en/index.js')).en,
};

/** Starts with one language; the other one is fetched when it is chosen. */
export async function startTranslations(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { prefix: '{', suffix: '}', escapeValue: false },
    resources: { [language]: { translation: await load[language]() } },
    react: { useSuspense: false },
  });
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await load[language]());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Binds the texts of one language; without React for whoever needs a sentence outside of it. */
export function translator(instance: Pick<i18n, 't' | 'exists'>, language: Language): Translate {
  // As `replace`, so that no parameter of the platform can be taken for an option of i18next.
  const text = (key: string, params?: Params): string => String(instance.t(key, { replace: params ?? {} }));
  return Object.assign((key: Key, params?: Params) => text(key, params), {
    say: (key: string, params: Params | undefined, otherwise: string) =>
      instance.exists(key) ? text(key, params) : otherwise,
    language,
  });
}

export function useT(): Translate {
  const { i18n: instance } = useTranslation();
  const language = instance.language as Language;
  return useMemo(() => translator(instance, language), [instance, language]);
}
