import { useSyncExternalStore } from 'react';
import { z } from 'zod';
import type { ThemeName } from '../styles/tokens.js';
import { languageOf } from './language.js';

const Preferences = z.object({
  theme: z.enum(['light', 'dark', 'system']).default('system'),
  language: z.enum(['zh-CN', 'en']).default(() => languageOf(navigator.languages)),
  menuFolded: z.boolean().default(false),
  /** Keys without Ctrl or Cmd: who dictates or types by accident switches them off. */
  shortcuts: z.boolean().default(true),
  /** Keys of the services that were opened last, newest first. */
  recent: z.array(z.string()).max(8).catch([]).default([]),
  scope: z.object({ project: z.string(), env: z.string() }).default({ project: 'all', env: 'all' }),
});
export type Preferences = z.infer<typeof Preferences>;
export type Language = Preferences['language'];

const storageKey = 'berth.preferences';
const listeners = new Set<() => void>();
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
let current = load();

function load(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    const parsed = Preferences.safeParse(stored);
    if (parsed.success) return parsed.data;
  } catch {
    // Storage may be switched off or hold something else: the defaults serve.
  }
  return Preferences.parse({});
}

export function getPreferences(): Preferences {
  return current;
}

/** Changes preferences of this browser; every tab's next load has them. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener();
}

export function onPreferences(listener: () => void): () => void {
  listeners.add(listener);
  systemDark.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    systemDark.removeEventListener('change', listener);
  };
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(onPreferences, getPreferences);
}

/** The theme to draw: the chosen one, or what the system asks for. */
export function themeNow(): ThemeName {
  if (current.theme === 'system') return systemDark.matches ? 'dark' : 'light';
  return current.theme;
}

export function useThemeName(): ThemeName {
  return useSyncExternalStore(onPreferences, themeNow);
}
