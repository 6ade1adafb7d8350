import type { Project } from '@berth/api';
import { environmentNames } from '@berth/contracts';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import type { ServicePlace } from '../api/queries.js';
import type { Scope } from '../app/scope.js';
import { useMay, useMayAnywhere } from '../app/session.js';
import { useT } from '../i18n/index.js';
import type { ActionName } from '../pages/service/ActionDialog.js';

export interface Entry {
  readonly key: string;
  readonly label: string;
  readonly act: () => unknown;
}

interface GroupProps {
  readonly heading: string;
  readonly entries: readonly Entry[];
  readonly run: (act: () => unknown) => void;
}

export function PaletteGroup({ heading, entries, run }: GroupProps) {
  return (
    <Command.Group heading={heading}>
      {entries.map(({ key, label, act }) => (
        <Command.Item key={key} value={`page ${key} ${label}`} onSelect={() => run(act)}>
          {label}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

/** Every page that the reader may open, in the order of the menu. */
export function usePages(scope: Scope): Entry[] {
  const t = useT();
  const go = useNavigate();
  const may = useMay();
  const anywhere = useMayAnywhere();
  const here = { params: scope, search: {} };
  const all: readonly (Entry & { readonly shown?: boolean })[] = [
    { key: 'now', label: t('menu.now'), act: () => go({ to: '/p/$project/$env/now', ...here }) },
    { key: 'services', label: t('menu.services'), act: () => go({ to: '/p/$project/$env/services', ...here }) },
    {
      key: 'deploy',
      label: t('deploy.title'),
      act: () => go({ to: '/p/$project/$env/deploy', ...here }),
      shown: anywhere('service.deploy'),
    },
    { key: 'operations', label: t('menu.operations'), act: () => go({ to: '/p/$project/$env/operations', ...here }) },
    {
      key: 'project-members',
      label: t('members.projectTitle'),
      act: () => go({ to: '/p/$project/$env/members', params: scope }),
      shown: anywhere('member.manage'),
    },
    {
      key: 'credentials',
      label: t('credentials.title'),
      act: () => go({ to: '/p/$project/$env/registry-credentials', params: scope }),
      shown: anywhere('service.deploy'),
    },
    { key: 'clusters', label: t('menu.clusters'), act: () => go({ to: '/clusters' }), shown: anywhere('cluster.read') },
    { key: 'cmdb', label: t('menu.cmdb'), act: () => go({ to: '/admin/cmdb' }), shown: may('cmdb.read') },
    { key: 'members', label: t('menu.members'), act: () => go({ to: '/admin/members' }), shown: may('member.read') },
    {
      key: 'audit',
      label: t('menu.audit'),
      act: () => go({ to: '/admin/audit', search: {} }),
      shown: may('audit.read'),
    },
    {
      key: 'dead-letters',
      label: t('menu.deadLetters'),
      act: () => go({ to: '/admin/dead-letters', search: {} }),
      shown: may('deadLetter.manage'),
    },
    { key: 'account', label: t('menu.account'), act: () => go({ to: '/account' }) },
  ];
  return all.filter(({ shown }) => shown !== false);
}

const permissionOf = {
  restart: 'service.restart',
  scale: 'service.scale',
  start: 'service.startStop',
  stop: 'service.startStop',
} as const;
const actionNames = ['restart', 'scale', 'start', 'stop'] as const satisfies readonly ActionName[];

/** What the reader may do with the service that is open; its dialog says what is hit, and refuses what cannot be. */
export function useActions(here: { project?: string; env?: string; code?: string }) {
  const may = useMay();
  const environment = environmentNames.find((name) => name === here.env);
  if (!here.project || !environment || !here.code) return [];
  const place: ServicePlace = { project: here.project, environment, service: here.code };
  return actionNames.filter((action) => may(permissionOf[action], place)).map((action) => ({ action, place }));
}

const shownAtMost = 50;

/** Of many projects those that are meant. */
export function matching(projects: readonly Project[], text: string): readonly Project[] {
  const needle = text.toLowerCase();
  return projects
    .filter(({ slug, name, code }) => `${slug} ${name} ${code}`.toLowerCase().includes(needle))
    .slice(0, shownAtMost);
}
