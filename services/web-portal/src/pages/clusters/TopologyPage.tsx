import { containerStates, type Topology } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { memo, useMemo, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { clustersQuery, nodeUsageQuery, projectsQuery, topologyQuery } from '../../api/queries.js';
import { Sparkline } from '../../charts/Sparkline.js';
import { bytesLabel, coresLabel } from '../../charts/units.js';
import { useT, type Key } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark, PhaseMark } from '../../ui/Mark.js';
import { toneOf } from '../../ui/tone.js';
import { useTitle } from '../../ui/useTitle.js';
import { coresText, memoryText } from '../../ui/words.js';
import { sitesOf, type DrawnCluster, type DrawnNode } from './topology.js';
import './topology.css';

/** Site, cluster, node, container: one small mark for each container, its shape and colour by state. */
export function TopologyPage() {
  const t = useT();
  const [project, setProject] = useState<string | undefined>();
  const query = useQuery(topologyQuery(project));
  const projects = useQuery(projectsQuery);
  useTitle(t('topology.title'));
  return (
    <>
      <header className="page-head">
        <h1>{t('topology.title')}</h1>
        <select
          className="topology-project"
          aria-label={t('topology.project')}
          value={project ?? ''}
          onChange={(event) => setProject(event.target.value || undefined)}
        >
          <option value="">{t('topology.all')}</option>
          {projects.data?.items.map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
        </select>
        <span className="grow" />
        <Link to="/clusters">{t('topology.list')}</Link>
      </header>
      <Loaded query={query} rows={10}>
        {(topology) =>
          topology.containers.length === 0 ? (
            <Empty title={t('topology.none')} text={t('topology.noneText')} />
          ) : (
            <Sites topology={topology} />
          )
        }
      </Loaded>
    </>
  );
}

function Sites({ topology }: { topology: Topology }) {
  const clusters = useQuery(clustersQuery).data?.items;
  const usage = useQuery(nodeUsageQuery).data?.items;
  const open = useOpen(topology);
  const sites = useMemo(() => sitesOf(topology, clusters ?? [], usage ?? []), [topology, clusters, usage]);
  return (
    // One handler for thousands of cells; each cell is a link of its own for whoever opens it elsewhere.
    <div onClick={open} onKeyDown={moveFocus} data-testid="topology">
      <StatesKey />
      {sites.map(({ site, clusters: drawn }) => (
        <section key={site} className="topology-site">
          {site && <h2>{site}</h2>}
          {drawn.map((cluster) => (
            <ClusterPart key={cluster.name} cluster={cluster} services={topology.services} />
          ))}
        </section>
      ))}
    </div>
  );
}

function ClusterPart({ cluster, services }: { cluster: DrawnCluster; services: Topology['services'] }) {
  const t = useT();
  return (
    <section className="topology-cluster">
      <header>
        <h3>{cluster.displayName}</h3>
        {cluster.phase && <PhaseMark phase={cluster.phase} />}
        <span className="faint num">{t('topology.count', { count: cluster.count })}</span>
      </header>
      <div className="topology-nodes">
        {cluster.nodes.map((node) => (
          <NodePart key={node.name ?? ''} node={node} services={services} />
        ))}
      </div>
    </section>
  );
}

const NodePart = memo(function NodePart({ node, services }: { node: DrawnNode; services: Topology['services'] }) {
  const t = useT();
  const { name, facts, usage, containers } = node;
  const health: Key | null = !facts
    ? null
    : !facts.ready
      ? 'clusters.nodeDown'
      : facts.schedulable
        ? 'clusters.nodeReady'
        : 'clusters.nodeCordoned';
  return (
    <section className="topology-node" aria-label={name ?? t('topology.noNode')}>
      <header>
        <span className="mono">{name ?? t('topology.noNode')}</span>
        {health && (
          <Mark tone={health === 'clusters.nodeDown' ? 'bad' : health === 'clusters.nodeReady' ? 'ok' : 'warn'}>
            {t(health)}
          </Mark>
        )}
        <span className="grow" />
        <span className="faint num">{t('topology.count', { count: containers.length })}</span>
      </header>
      {facts && (
        <p className="faint num">
          CPU {coresText(facts.requested.cpuMillis)} / {coresText(facts.allocatable.cpuMillis)}
          {typeof usage?.cpuCores === 'number' && ` · ${t('topology.used')} ${coresLabel(usage.cpuCores)}`}
          <br />
          {t('deploy.memory')} {memoryText(facts.requested.memoryMiB)} / {memoryText(facts.allocatable.memoryMiB)}
          {typeof usage?.memoryBytes === 'number' && ` · ${t('topology.used')} ${bytesLabel(usage.memoryBytes)}`}
        </p>
      )}
      {usage && (
        <Sparkline
          width={200}
          values={usage.history.cpuCores}
          label={t('metrics.sparkCpu', {
            now: usage.cpuCores === null ? '–' : coresLabel(usage.cpuCores),
            limit: facts ? coresText(facts.allocatable.cpuMillis) : '–',
          })}
        />
      )}
      <div className="cells">
        {containers.map((container, index) => (
          <Cell
            key={container.name}
            container={container}
            service={services[container.service]}
            isFirst={index === 0}
          />
        ))}
      </div>
    </section>
  );
});

const Cell = memo(function Cell(props: {
  container: Topology['containers'][number];
  service: Topology['services'][number] | undefined;
  isFirst: boolean;
}) {
  const t = useT();
  const { container, service, isFirst } = props;
  if (!service) return null;
  const { project, environment, code, name } = service;
  const label = t('topology.cell', {
    service: name,
    project,
    environment: t.say(`environment.${environment}`, {}, environment),
    state: t(`containerState.${container.state}`),
    container: container.name,
    restarts: container.restarts,
  });
  return (
    <a
      className="cell"
      href={`/p/${project}/${environment}/services/${code}/overview`}
      data-tone={toneOf.container(container.state)}
      data-service={container.service}
      aria-label={label}
      title={label}
      tabIndex={isFirst ? 0 : -1}
    />
  );
});

/** What the shapes mean, of the states that look different. */
function StatesKey() {
  const t = useT();
  const seen = new Map(containerStates.map((state) => [toneOf.container(state), state]));
  return (
    <ul className="topology-key" aria-label={t('topology.legend')}>
      {[...seen.keys()].map((tone) => (
        <li key={tone}>
          <i className="cell" data-tone={tone} aria-hidden="true" />
          {containerStates
            .filter((state) => toneOf.container(state) === tone && state !== 'ended')
            .map((state) => t(`containerState.${state}`))
            .join(' / ')}
        </li>
      ))}
    </ul>
  );
}

function useOpen({ services }: Topology) {
  const navigate = useNavigate();
  return (event: MouseEvent) => {
    const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('a.cell') : null;
    const service = services[Number(cell?.dataset['service'] ?? -1)];
    if (!service || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { project, environment: env, code } = service;
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project, env, code, tab: 'overview' },
      search: {},
    });
  };
}

/** One stop of the Tab key for each node; the arrow keys go through its containers. */
function moveFocus(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLElement) || !event.target.matches('a.cell')) return;
  const next = step > 0 ? event.target.nextElementSibling : event.target.previousElementSibling;
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}
