import { Drawer } from 'antd';
import { useLocation } from '@tanstack/react-router';
import { setPreferences, usePreferences } from '../app/preferences.js';
import { useT, type Key } from '../i18n/index.js';
import { Shape } from '../ui/Mark.js';
import type { Tone } from '../ui/tone.js';

const keys: readonly (readonly [string, Key])[] = [
  ['Ctrl K', 'frame.palette'],
  ['/', 'help.search'],
  ['g n', 'menu.now'],
  ['g s', 'menu.services'],
  ['g o', 'menu.operations'],
  ['g d', 'deploy.title'],
  ['g c', 'menu.clusters'],
  ['j k ↑ ↓', 'help.walk'],
  ['Enter', 'help.open'],
  ['x', 'bulk.markRow'],
  ['Shift x', 'bulk.markRange'],
  ['?', 'frame.help'],
];
/** Which help belongs to which address, the closest first. */
const pages = [
  [/\/now$/, 'now'],
  [/\/services\/./, 'service'],
  [/\/services$/, 'services'],
  [/\/deploy$/, 'deploy'],
  [/\/operations/, 'operations'],
  [/^\/clusters\/topology/, 'topology'],
  [/^\/clusters/, 'clusters'],
  [/\/registry-credentials$/, 'credentials'],
  [/^\/p\/.*\/members$/, 'projectMembers'],
  [/^\/admin\/cmdb/, 'cmdb'],
  [/^\/admin\/members/, 'members'],
  [/^\/admin\/audit/, 'audit'],
  [/^\/admin\/dead-letters/, 'deadLetters'],
  [/^\/account/, 'account'],
] as const;
const words = ['release', 'operation', 'replica', 'container', 'split', 'environment'] as const;
const tones: readonly (readonly [Tone, Key])[] = [
  ['ok', 'help.tone.ok'],
  ['pending', 'help.tone.pending'],
  ['warn', 'help.tone.warn'],
  ['bad', 'help.tone.bad'],
  ['unknown', 'help.tone.unknown'],
  ['off', 'help.tone.off'],
];

export function Help({ onClose }: { onClose(): void }) {
  const t = useT();
  const { pathname } = useLocation();
  const { shortcuts } = usePreferences();
  const page = pages.find(([pattern]) => pattern.test(pathname))?.[1];
  return (
    <Drawer open onClose={onClose} title={t('frame.help')} size={380}>
      {page && (
        <>
          <h3 className="help-head">{t('help.here')}</h3>
          <p>{t(`help.page.${page}`)}</p>
        </>
      )}
      <h3 className="help-head">{t('help.keys')}</h3>
      <dl className="help-list">
        {keys.map(([name, text]) => (
          <div key={name}>
            <dt>
              <kbd>{name}</kbd>
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <label className="row">
        <input
          type="checkbox"
          checked={shortcuts}
          data-testid="shortcuts"
          onChange={() => setPreferences({ shortcuts: !shortcuts })}
        />
        {t('shortcuts.on')}
      </label>
      <h3 className="help-head">{t('help.marks')}</h3>
      <dl className="help-list">
        {tones.map(([tone, text]) => (
          <div key={tone}>
            <dt className={`mark mark-${tone}`}>
              <Shape tone={tone} />
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <h3 className="help-head">{t('help.glossary')}</h3>
      <ul>
        {words.map((word) => (
          <li key={word}>{t(`help.word.${word}`)}</li>
        ))}
      </ul>
      <h3 className="help-head">API</h3>
      <p>
        <a href="/api/v1/openapi.json" target="_blank" rel="noreferrer">
          OpenAPI 3.1
        </a>
      </p>
    </Drawer>
  );
}
