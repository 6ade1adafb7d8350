/** The first of the browser's languages that the portal speaks; Chinese when there is none. */
export function languageOf(wanted: readonly string[]): 'zh-CN' | 'en' {
  for (const language of wanted) {
    if (/^zh\b/i.test(language)) return 'zh-CN';
    if (/^en\b/i.test(language)) return 'en';
  }
  return 'zh-CN';
}
