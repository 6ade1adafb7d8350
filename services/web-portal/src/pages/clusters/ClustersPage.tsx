import { PlusOutlined } from '@ant-design/icons';
import { routes, type Cluster } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { clustersQuery } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark, PhaseMark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { coresText, memoryText } from '../../ui/words.js';
import { RemoveCluster } from './RemoveCluster.js';
import '../services/services.css';
import './clusters.css';

/** Every cluster with its state and the proof of it, its room, and its nodes. */
export function ClustersPage() {
  const t = useT();
  const may = useMay();
  const query = useQuery(clustersQuery);
  useTitle(t('menu.clusters'));
  const add = may('cluster.manage') && (
    <Link className="primary-link" to="/clusters/add" data-testid="add-cluster">
      <PlusOutlined /> {t('clusters.add')}
    </Link>
  );
  return (
    <>
      <header className="page-head">
        <h1>{t('menu.clusters')}</h1>
        <span className="grow" />
        <Link to="/clusters/topology">{t('topology.title')}</Link>
        {add}
      </header>
      <Loaded query={query} rows={6}>
        {(page) =>
          page.items.length === 0 ? (
            <Empty title={t('clusters.none')} text={t('clusters.noneText')} action={add} />
          ) : (
            <div className="clusters">
              {page.items.map((cluster) => (
                <ClusterCard key={cluster.name} cluster={cluster} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

function ClusterCard({ cluster }: { cluster: Cluster }) {
  const t = useT();
  return (
    <section id={cluster.name} className="panel" data-testid={`cluster-${cluster.name}`} data-phase={cluster.phase}>
      <header>
        <h2 className="row">
          {cluster.displayName} <code className="faint">{cluster.name}</code>
          {cluster.site && <span className="tag">{cluster.site}</span>}
        </h2>
        <span className="row">
          <RemoveCluster cluster={cluster} />
          <PhaseMark phase={cluster.phase} />
        </span>
      </header>
      <p className="row soft">
        <span>{cluster.reason}</span>
        <span className="faint">
          {t('clusters.since')} <Ago at={cluster.since} />
        </span>
      </p>
      <p className="row faint num">
        <span>Kubernetes {cluster.version ?? '?'}</span>
        <span>
          {t('clusters.watch')} {t(`watch.${cluster.watch}`)}
          {cluster.heardAt && (
            <>
              {' '}
              (<Ago at={cluster.heardAt} />)
            </>
          )}
        </span>
        {cluster.probe && (
          <span>
            {t('clusters.probe')} {cluster.probe.kind} {Math.round(cluster.probe.latencyMs)} ms
          </span>
        )}
        <span>{t(`reachMode.${cluster.reach}`)}</span>
        <span>{t('clusters.services', { count: cluster.services })}</span>
      </p>
      {cluster.capacity ? (
        <CapacityBars capacity={cluster.capacity} />
      ) : (
        <p className="faint">{t('clusters.noCapacity')}</p>
      )}
      <Nodes cluster={cluster} />
      {cluster.phase === 'quarantined' && <Readmit name={cluster.name} />}
    </section>
  );
}

function CapacityBars({ capacity }: { capacity: NonNullable<Cluster['capacity']> }) {
  const t = useT();
  const { allocatable, reserved, foreign } = capacity;
  const rows = [
    { name: 'CPU', text: coresText, of: (value: typeof allocatable) => value.cpuMillis },
    { name: t('deploy.memory'), text: memoryText, of: (value: typeof allocatable) => value.memoryMiB },
    { name: t('clusters.pods'), text: String, of: (value: typeof allocatable) => value.pods },
  ];
  return (
    <dl className="capacity">
      {rows.map((row) => {
        const all = Math.max(1, row.of(allocatable));
        const ours = row.of(reserved);
        const theirs = row.of(foreign);
        return (
          <div key={row.name}>
            <dt>{row.name}</dt>
            <dd>
              <span className="bar" aria-hidden="true">
                <i className="ours" style={{ width: `${(ours / all) * 100}%` }} />
                <i className="theirs" style={{ width: `${(theirs / all) * 100}%` }} />
              </span>
              <span className="num soft">
                {t('clusters.use', {
                  ours: row.text(ours),
                  theirs: row.text(theirs),
                  all: row.text(row.of(allocatable)),
                })}
              </span>
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Nodes({ cluster }: { cluster: Cluster }) {
  const t = useT();
  return (
    <table className="plain flush">
      <thead>
        <tr>
          <th scope="col">{t('clusters.node')}</th>
          <th scope="col">{t('services.state')}</th>
          <th scope="col" className="numeric">
            CPU
          </th>
          <th scope="col" className="numeric">
            {t('deploy.memory')}
          </th>
          <th scope="col" className="numeric">
            {t('clusters.pods')}
          </th>
        </tr>
      </thead>
      <tbody>
        {cluster.nodes.map((node) => (
          <tr key={node.name}>
            <td className="mono">{node.name}</td>
            <td>
              <Mark tone={!node.ready ? 'bad' : node.schedulable ? 'ok' : 'warn'}>
                {t(
                  !node.ready ? 'clusters.nodeDown' : node.schedulable ? 'clusters.nodeReady' : 'clusters.nodeCordoned',
                )}
              </Mark>
            </td>
            <td className="numeric">{`${coresText(node.requested.cpuMillis)} / ${coresText(node.allocatable.cpuMillis)}`}</td>
            <td className="numeric">{`${memoryText(node.requested.memoryMiB)} / ${memoryText(node.allocatable.memoryMiB)}`}</td>
            <td className="numeric">{`${node.requested.pods} / ${node.allocatable.pods}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Readmit({ name }: { name: string }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const [key] = useState(() => crypto.randomUUID());
  const [error, setError] = useState<unknown>(null);
  if (!may('cluster.manage')) return null;
  const send = async () => {
    try {
      const accepted = await call(routes.readmitCluster, { params: { cluster: name }, body: {}, idempotencyKey: key });
      await navigate({ to: '/operations/$id', params: { id: accepted.operationId } });
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <div className="stack">
      {error !== null && <ErrorNote error={error} />}
      <p className="note note-warn">
        {t('clusters.quarantinedText')} <span className="grow" />
        <Button size="small" onClick={() => void send()} data-testid={`readmit-${name}`}>
          {t('clusters.readmit')}
        </Button>
      </p>
    </div>
  );
}
