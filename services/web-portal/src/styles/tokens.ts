/**
 * Every colour and measure of the portal. CSS reads them as `--name` variables, Ant Design through `antdTheme`.
 * State colours are for state only; production has a mark of its own that is no state colour.
 */
const light = {
  page: '#f4f6f7',
  surface: '#ffffff',
  raised: '#ffffff',
  sunken: '#edf0f2',
  hover: '#f0f4f5',
  line: '#dde3e7',
  lineStrong: '#bcc7ce',
  text: '#15202a',
  text2: '#45545f',
  text3: '#566570',
  brand: '#0b6e73',
  brandHover: '#09595d',
  brandSoft: '#e0f0f0',
  brandText: '#0a6065',
  onBrand: '#ffffff',
  focus: '#0b8a90',
  ok: '#187544',
  okSoft: '#e2f3e9',
  warn: '#8f5a00',
  warnSoft: '#fbf0d9',
  bad: '#b82a25',
  badSoft: '#fbe8e6',
  pending: '#1f62a8',
  pendingSoft: '#e4eef9',
  unknown: '#5f6e79',
  unknownSoft: '#edf0f2',
  prod: '#2a1f3d',
  prodText: '#ffffff',
  mark: '#fff0b8',
  shadow: '0 8px 28px rgb(16 32 42 / 16%)',
};

const dark: typeof light = {
  page: '#0e1317',
  surface: '#141b20',
  raised: '#1a2329',
  sunken: '#0a0f12',
  hover: '#1b252b',
  line: '#26323a',
  lineStrong: '#40505b',
  text: '#e3eaee',
  text2: '#aab8c1',
  text3: '#8b9ba5',
  brand: '#0f7d83',
  brandHover: '#149097',
  brandSoft: '#10302f',
  brandText: '#58c9c5',
  onBrand: '#ffffff',
  focus: '#3fb6b4',
  ok: '#53c489',
  okSoft: '#12301f',
  warn: '#e2ab4a',
  warnSoft: '#33270f',
  bad: '#f2827a',
  badSoft: '#3a1917',
  pending: '#74b0ec',
  pendingSoft: '#142a40',
  unknown: '#8b9ba5',
  unknownSoft: '#1b252b',
  prod: '#e4dcf5',
  prodText: '#1c1430',
  mark: '#5a4a12',
  shadow: '0 8px 28px rgb(0 0 0 / 55%)',
};

export const fonts = {
  sans: "'Inter Variable', 'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
  mono: "'JetBrains Mono Variable', 'Noto Sans Mono CJK SC', ui-monospace, monospace",
};

export const palettes = { light, dark };
export type ThemeName = keyof typeof palettes;

const kebab = (name: string) => name.replace(/[A-Z0-9]/g, (letter) => `-${letter.toLowerCase()}`);

/** Writes a palette to the document, before anything is drawn. */
export function applyTokens(theme: ThemeName): void {
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.style.colorScheme = theme;
  for (const [name, value] of Object.entries(palettes[theme])) root.style.setProperty(`--${kebab(name)}`, value);
  root.style.setProperty('--sans', fonts.sans);
  root.style.setProperty('--mono', fonts.mono);
}
