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

type Texts = Readonly<Record<string, string>>;

/** What is drawn first needs few texts; the others come behind them, so that the first page waits for little. */
const load: Record<Language, { first(): Promise<Texts>; later(): Promise<Texts> }> = {
  'zh-CN': {
    first: async () => (await import('./zh/first.js')).zhFirst,
    later: async () => (await import('./zh/later.js')).zhLater,
  },
  en: {
    first: async () => (await import('./en/first.js')).enFirst,
    later: async () => (await import('./en/later.js')).enLater,
  },
};
const laterTexts = new Map<Language, Promise<void>>();

/** Resolves when every text of a language is there; fetched once, and again after a failure. */
function allTexts(language: Language): Promise<void> {
  const known = laterTexts.get(language);
  if (known) return known;
  const loading = load[language].later().then(
    (texts) => void i18next.addResourceBundle(language, 'translation', texts, false, true),
    (error: unknown) => {
      laterTexts.delete(language);
      throw error;
    },
  );
  laterTexts.set(language, loading);
  return loading;
}

/** A page whose texts are not among the first ones: it is drawn when both are there. */
export const withTexts =
  <Page>(page: () => Promise<Page>): (() => Promise<Page>) =>
  async () =>
    (await Promise.all([page(), allTexts(i18next.language as Language)]))[0];

/** Starts with one language; the other one is fetched when it is chosen. */
export async function startTranslations(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { prefix: '{', suffix: '}', escapeValue: false },
    resources: { [language]: { translation: await load[language].first() } },
    react: { useSuspense: false, bindI18nStore: 'added' },
  });
  document.documentElement.lang = language;
  // Whoever needs one of them asks again and tells the reader.
  allTexts(language).catch(() => undefined);
}

export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await load[language].first());
  await allTexts(language);
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
