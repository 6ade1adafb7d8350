import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useDeferredValue, useState } from 'react';
import { routes } from '@berth/api';
import { call } from '../api/client.js';
import { projectsQuery, type ServicePlace } from '../api/queries.js';
import { setPreferences, usePreferences } from '../app/preferences.js';
import { useScope } from '../app/scope.js';
import { useT } from '../i18n/index.js';
import { EnvironmentTag, Shape } from '../ui/Mark.js';
import { toneOf } from '../ui/tone.js';
import type { ActionName } from '../pages/service/ActionDialog.js';
import { matching, PaletteGroup, useActions, usePages } from './palette-entries.js';

interface Props {
  onClose(): void;
  onHelp(): void;
  onAction(action: ActionName, place: ServicePlace): void;
}

/** Ctrl/Cmd+K: go to a service, a project or a page, or do something small. */
export function Palette({ onClose, onHelp, onAction }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const scope = useScope();
  const [text, setText] = useState('');
  const pages = usePages(scope);
  const { recent } = usePreferences();
  const here: { project?: string; env?: string; code?: string } = useParams({ strict: false });
  const actions = useActions(here);
  const { shortcuts } = usePreferences();
  const search = useDeferredValue(text.trim());
  const { data: found } = useQuery({
    queryKey: ['services', 'palette', search],
    queryFn: ({ signal }) => call(routes.listServices, { query: { limit: 12, ...(search && { search }) }, signal }),
    placeholderData: (before) => before,
  });
  const { data: projects } = useQuery(projectsQuery);
  const run = (act: () => unknown) => {
    onClose();
    void act();
  };
  return (
    <Command.Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      label={t('frame.palette')}
      className="palette"
      overlayClassName="palette-overlay"
      contentClassName="palette-content"
    >
      <Command.Input value={text} onValueChange={setText} placeholder={t('palette.placeholder')} />
      <Command.List>
        <Command.Empty>{t('palette.nothing')}</Command.Empty>
        {here.project && here.env && here.code && (
          <Command.Group heading={`${t('palette.here')} · ${here.code}`}>
            {serviceTabs.map((tab) => (
              <Command.Item
                key={tab}
                value={`here ${tab} ${t(`tab.${tab}`)}`}
                onSelect={() => run(() => navigate(placeOf(`${here.project}/${here.env}/${here.code}`, tab)))}
              >
                {t(`tab.${tab}`)}
              </Command.Item>
            ))}
            {actions.map(({ action, place }) => (
              <Command.Item
                key={action}
                value={`here do ${action} ${t(`action.${action}`)}`}
                onSelect={() => run(() => onAction(action, place))}
              >
                {t(`action.${action}`)} …
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {text === '' && recent.length > 0 && (
          <Command.Group heading={t('palette.recent')}>
            {recent.map((key) => (
              <Command.Item
                key={key}
                value={`recent ${key}`}
                onSelect={() => run(() => navigate(placeOf(key, 'overview')))}
              >
                {key}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        <Command.Group heading={t('menu.services')}>
          {found?.items.map((row) => (
            <Command.Item
              key={`${row.project}/${row.environment}/${row.code}`}
              value={`${row.project}/${row.environment}/${row.code}`}
              keywords={[row.name, row.code]}
              onSelect={() =>
                run(() =>
                  row.uid
                    ? navigate(placeOf(`${row.project}/${row.environment}/${row.code}`, 'overview'))
                    : navigate({
                        to: '/p/$project/$env/deploy',
                        params: { project: row.project, env: row.environment || 'all' },
                        search: { code: row.code },
                      }),
                )
              }
            >
              <span className={`mark mark-${toneOf.service(row.state)}`}>
                <Shape tone={toneOf.service(row.state)} />
              </span>
              <b>{row.code}</b> {row.name}
              <small>{row.project}</small>
              {row.environment && <EnvironmentTag environment={row.environment} />}
            </Command.Item>
          ))}
        </Command.Group>
        <PaletteGroup
          heading={t('palette.go')}
          entries={[...pages, { key: 'help', label: t('palette.help'), act: onHelp }]}
          run={run}
        />
        <Command.Group heading={t('scope.project')}>
          {matching(projects?.items ?? [], search).map((row) => (
            <Command.Item
              key={row.slug}
              value={`project ${row.slug}`}
              keywords={[row.name, row.code]}
              onSelect={() =>
                run(() =>
                  navigate({ to: '/p/$project/$env/services', params: { project: row.slug, env: 'all' }, search: {} }),
                )
              }
            >
              {row.name} <small>{row.slug}</small>
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading={t('palette.settings')}>
          {(['light', 'dark', 'system'] as const).map((theme) => (
            <Command.Item key={theme} onSelect={() => run(() => setPreferences({ theme }))}>
              {t('frame.theme')}: {t(`theme.${theme}`)}
            </Command.Item>
          ))}
          <Command.Item onSelect={() => run(() => setPreferences({ shortcuts: !shortcuts }))}>
            {t(shortcuts ? 'shortcuts.off' : 'shortcuts.on')}
          </Command.Item>
          <Command.Item onSelect={() => run(() => setPreferences({ language: 'en' }))}>English</Command.Item>
          <Command.Item onSelect={() => run(() => setPreferences({ language: 'zh-CN' }))}>简体中文</Command.Item>
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  );
}

const serviceTabs = ['overview', 'containers', 'releases', 'metrics', 'logs', 'events', 'settings'] as const;

function placeOf(key: string, tab: string) {
  const [project = '', env = '', code = ''] = key.split('/');
  return { to: '/p/$project/$env/services/$code/$tab' as const, params: { project, env, code, tab }, search: {} };
}
