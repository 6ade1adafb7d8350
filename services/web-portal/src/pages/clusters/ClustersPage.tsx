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
import { clusterProofText } from '../../ui/cluster-proof.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { EnvironmentTag, PhaseMark } from '../../ui/Mark.js';
import { ErrorNote } from '../../ui/ProblemNote.js';
import { Ago } from '../../ui/Time.js';
import { useTitle } from '../../ui/useTitle.js';
import { Capacity } from './Capacity.js';
import { RemoveCluster } from './RemoveCluster.js';
import { sharingMachines } from './together.js';
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
            <Cards clusters={page.items} />
          )
        }
      </Loaded>
    </>
  );
}

function Cards({ clusters }: { clusters: readonly Cluster[] }) {
  const shared = sharingMachines(clusters);
  const named = new Map(clusters.map(({ name, displayName }) => [name, displayName]));
  return (
    <div className="clusters">
      {clusters.map((cluster) => (
        <ClusterCard
          key={cluster.name}
          cluster={cluster}
          together={shared.get(cluster.name)?.map((name) => named.get(name) ?? name) ?? []}
        />
      ))}
    </div>
  );
}

interface CardProps {
  readonly cluster: Cluster;
  /** Names of the clusters that run on the same machine. */
  readonly together: readonly string[];
}

function ClusterCard({ cluster, together }: CardProps) {
  const t = useT();
  return (
    <section id={cluster.name} className="panel" data-testid={`cluster-${cluster.name}`} data-phase={cluster.phase}>
      <header>
        <h2 className="row">
          {cluster.displayName} <code className="faint">{cluster.name}</code>
          {cluster.site && <span className="tag">{cluster.site}</span>}
          {together.length > 0 && (
            <span className="tag tag-warn" title={t('clusters.togetherText')} data-testid="one-machine">
              {t('clusters.together', { clusters: new Intl.ListFormat(t.language).format(together) })}
            </span>
          )}
        </h2>
        <span className="row">
          <RemoveCluster cluster={cluster} />
          <PhaseMark phase={cluster.phase} />
        </span>
      </header>
      <p className="row soft">
        <ProofText cluster={cluster} />
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
            {t('clusters.probe')} {t.say(`probeKind.${cluster.probe.kind}`, undefined, cluster.probe.kind)}{' '}
            {Math.round(cluster.probe.latencyMs)} ms
          </span>
        )}
        <span>{t(`reachMode.${cluster.reach}`)}</span>
        <span>{t('clusters.services', { count: cluster.services })}</span>
      </p>
      <p className="row faint" data-testid="cluster-environments">
        <span>{t('clusters.environments')}</span>
        {cluster.environments.length === 0 && <span>{t('clusters.noEnvironment')}</span>}
        {cluster.environments.map((environment) => (
          <EnvironmentTag key={environment} environment={environment} />
        ))}
      </p>
      <Capacity cluster={cluster} />
      {cluster.phase === 'quarantined' && <Readmit name={cluster.name} />}
    </section>
  );
}

/** The proof in the reader's language; the platform's own sentence where only that was kept. */
function ProofText({ cluster: { proof, reason } }: { cluster: Cluster }) {
  const t = useT();
  if (proof.length === 0) return <span>{reason}</span>;
  return <span data-testid="cluster-proof">{clusterProofText(t, proof)}</span>;
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
