import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { connectFeed } from '../api/feed/feed.js';
import type { ServicePlace } from '../api/queries.js';
import { getPreferences, setPreferences, usePreferences } from '../app/preferences.js';
import { useScope } from '../app/scope.js';
import { useMayAnywhere } from '../app/session.js';
import { useT } from '../i18n/index.js';
import type { ActionName } from '../pages/service/ActionDialog.js';
import { Menu } from './Menu.js';
import { TopBar } from './TopBar.js';
import { useShortcuts } from './shortcuts.js';

const Palette = lazy(async () => ({ default: (await import('./Palette.js')).Palette }));
const ActionFromPalette = lazy(async () => ({
  default: (await import('./ActionFromPalette.js')).ActionFromPalette,
}));
const Help = lazy(async () => ({ default: (await import('./Help.js')).Help }));

/** What stays around every page: bar, menu, palette, help, and the one connection to the feed. */
export function Frame() {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const scope = useScope();
  const { menuFolded } = usePreferences();
  const [panel, setPanel] = useState<'palette' | 'help' | null>(null);
  const [asked, setAsked] = useState<{ action: ActionName; place: ServicePlace } | null>(null);
  const may = useMayAnywhere();
  useEffect(() => connectFeed(client), [client]);
  useRecent();
  const before = useRef<Element | null>(null);
  const show = (next: 'palette' | 'help') => {
    before.current = document.activeElement;
    setPanel(next);
  };
  const close = () => {
    setPanel(null);
    // Back to where the reader was.
    if (before.current instanceof HTMLElement) before.current.focus();
  };
  useShortcuts({
    now: () => void navigate({ to: '/p/$project/$env/now', params: scope, search: {} }),
    palette: () => show('palette'),
    help: () => show('help'),
    services: () => void navigate({ to: '/p/$project/$env/services', params: scope, search: {} }),
    operations: () => void navigate({ to: '/p/$project/$env/operations', params: scope, search: {} }),
    deploy: () => {
      if (may('service.deploy')) void navigate({ to: '/p/$project/$env/deploy', params: scope, search: {} });
    },
    clusters: () => {
      if (may('cluster.read')) void navigate({ to: '/clusters' });
    },
  });
  return (
    <div className={menuFolded ? 'frame folded' : 'frame'}>
      <a className="skip" href="#content">
        {t('frame.skip')}
      </a>
      <TopBar onPalette={() => show('palette')} onHelp={() => show('help')} />
      <Menu />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {panel === 'palette' && (
          <Palette
            onClose={close}
            onHelp={() => setPanel('help')}
            onAction={(action, place) => setAsked({ action, place })}
          />
        )}
        {asked && <ActionFromPalette {...asked} onClose={() => setAsked(null)} />}
        {panel === 'help' && <Help onClose={close} />}
      </Suspense>
    </div>
  );
}

const keptRecent = 8;

/** Remembers which services were opened, for the palette. */
function useRecent(): void {
  const { project, env, code }: { project?: string; env?: string; code?: string } = useParams({ strict: false });
  useEffect(() => {
    if (!project || !env || !code) return;
    const key = `${project}/${env}/${code}`;
    const { recent } = getPreferences();
    if (recent[0] !== key)
      setPreferences({ recent: [key, ...recent.filter((other) => other !== key)].slice(0, keptRecent) });
  }, [project, env, code]);
}
