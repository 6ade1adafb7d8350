import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.js';
import { getPreferences, onPreferences, themeNow } from './app/preferences.js';
import { changeLanguage, startTranslations } from './i18n/index.js';
import { applyTokens } from './styles/tokens.js';

applyTokens(themeNow());
onPreferences(() => {
  applyTokens(themeNow());
  void changeLanguage(getPreferences().language);
});
await startTranslations(getPreferences().language);
const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
