import { useEffect, useRef } from 'react';
import { getPreferences } from '../app/preferences.js';

interface Actions {
  palette(): void;
  help(): void;
  now(): void;
  services(): void;
  operations(): void;
  deploy(): void;
  clusters(): void;
}

/** Ctrl/Cmd+K, `?`, `/` to the page's search box, and `g` then a letter. Never while something is being written; those without Ctrl can be switched off. */
export function useShortcuts(actions: Actions): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    let waitingForLetter = 0;
    const go: Record<string, keyof Actions> = { n: 'now', s: 'services', o: 'operations', d: 'deploy', c: 'clusters' };
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        // Two dialogs would fight for the focus.
        if (!document.querySelector('[role=dialog]')) latest.current.palette();
        return;
      }
      const target = event.target as HTMLElement;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest('input,textarea,select,[contenteditable],[role=dialog]')
      )
        return;
      if (!getPreferences().shortcuts) return;
      if (event.key === '?') latest.current.help();
      else if (event.key === '/') {
        const search = document.querySelector<HTMLInputElement>('[data-search] input, input[data-search]');
        if (search) event.preventDefault();
        search?.focus();
      } else if (event.key === 'g') waitingForLetter = Date.now();
      else if (Date.now() - waitingForLetter < 1000 && go[event.key]) {
        waitingForLetter = 0;
        latest.current[go[event.key] as keyof Actions]();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
