/** What addresses of pages are filled with. */
export interface Ids {
  readonly project: string;
  readonly env: string;
  readonly code: string;
  readonly push: string;
  readonly operation: string;
  /** Owner and id of a dead letter, where there is one. */
  readonly deadLetter?: string;
}

const tabs = ['overview', 'containers', 'releases', 'metrics', 'logs', 'events', 'settings'];
const inScope = (page: string) => (ids: Ids) => [`/p/${ids.project}/${ids.env}/${page}`];
const everywhere = (page: string) => (ids: Ids) => [`/p/all/all/${page}`, ...inScope(page)(ids)];
const fixed = (address: string) => () => [address];

/** Every route of the portal, and the addresses under which it is looked at. */
export const pages: Readonly<Record<string, (ids: Ids) => readonly string[]>> = {
  // Whoever is logged in is led on from there.
  '/login': () => [],
  '/password': fixed('/password'),
  '/': fixed('/'),
  '/p/$project/$env/now': everywhere('now'),
  '/p/$project/$env/services': everywhere('services'),
  '/p/$project/$env/deploy': inScope('deploy'),
  '/p/$project/$env/registry-credentials': inScope('registry-credentials'),
  '/p/$project/$env/services/$code/$tab': ({ project, env, code }) =>
    tabs.map((tab) => `/p/${project}/${env}/services/${code}/${tab}`),
  '/p/$project/$env/services/$code': ({ project, env, code }) => [`/p/${project}/${env}/services/${code}`],
  '/p/$project/$env/operations': everywhere('operations'),
  '/operations/$id': ({ operation }) => [`/operations/${operation}`],
  '/clusters': fixed('/clusters'),
  '/clusters/topology': fixed('/clusters/topology'),
  '/clusters/add': fixed('/clusters/add'),
  '/admin/cmdb': () => ['', '?tab=vanished', '?tab=mapping'].map((tab) => `/admin/cmdb${tab}`),
  '/admin/cmdb/pushes/$push': ({ push }) => [`/admin/cmdb/pushes/${push}`],
  '/admin/members': () => ['', '?tab=tokens'].map((tab) => `/admin/members${tab}`),
  '/admin/audit': fixed('/admin/audit'),
  '/admin/dead-letters': fixed('/admin/dead-letters'),
  '/admin/dead-letters/$owner/$id': ({ deadLetter }) => (deadLetter ? [`/admin/dead-letters/${deadLetter}`] : []),
  '/p/$project/$env/members': inScope('members'),
  '/p/$project/$env/audit': inScope('audit'),
  '/account': fixed('/account'),
};
