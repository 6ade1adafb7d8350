import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { connectFeed } from '../api/feed/feed.js';
import { usePreferences } from '../app/preferences.js';
import { useScope } from '../app/scope.js';
import { useT } from '../i18n/index.js';
import { Menu } from './Menu.js';
import { TopBar } from './TopBar.js';
import { useShortcuts } from './shortcuts.js';

const Palette = lazy(async () => ({ default: (await import('./Palette.js')).Palette }));
const Help = lazy(async () => ({ default: (await import('./Help.js')).Help }));

/** What stays around every page: bar, menu, palette, help, and the one connection to the feed. */
export function Frame() {
  const t = useT();
  const client = useQueryClient();
  const navigate = useNavigate();
  const scope = useScope();
  const { menuFolded } = usePreferences();
  const [panel, setPanel] = useState<'palette' | 'help' | null>(null);
  useEffect(() => connectFeed(client), [client]);
  useShortcuts({
    now: () => void navigate({ to: '/p/$project/$env/now', params: scope, search: {} }),
    palette: () => setPanel('palette'),
    help: () => setPanel('help'),
    services: () => void navigate({ to: '/p/$project/$env/services', params: scope, search: {} }),
    operations: () => void navigate({ to: '/p/$project/$env/operations', params: scope, search: {} }),
    deploy: () => void navigate({ to: '/p/$project/$env/deploy', params: scope, search: {} }),
    clusters: () => void navigate({ to: '/clusters' }),
  });
  return (
    <div className={menuFolded ? 'frame folded' : 'frame'}>
      <a className="skip" href="#content">
        {t('frame.skip')}
      </a>
      <TopBar onPalette={() => setPanel('palette')} onHelp={() => setPanel('help')} />
      <Menu />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {panel === 'palette' && <Palette onClose={() => setPanel(null)} />}
        {panel === 'help' && <Help onClose={() => setPanel(null)} />}
      </Suspense>
    </div>
  );
}
