import type { DeployBody } from '@berth/api';
import type { EnvironmentName } from '@berth/contracts';
import type { PersonName } from './company.js';

/** A service of the sample in one environment, and who deploys it. */
export interface SampleRow {
  readonly project: string;
  readonly environment: EnvironmentName;
  readonly by: PersonName;
  readonly body: DeployBody;
}

type Spec = DeployBody['spec'];

/** The rows of the sample; `prefix` is the registry and folder of its images. */
export function sampleRows(prefix: string) {
  const image = (name: string, version = '1.0') => `${prefix}/sample-${name}:${version}`;
  const row = (
    place: `${string}/${EnvironmentName}`,
    by: PersonName,
    [code, name]: [string, string],
    spec: Spec,
    replicas = 2,
  ): SampleRow => {
    const [project = '', environment] = place.split('/') as [string, EnvironmentName];
    const policy = { mode: 'spread' as const, clusters: [], minPerCluster: 0 };
    return { project, environment, by, body: { code, name, spec, replicas, policy, cause: '样例:首次部署' } };
  };
  const first = [
    row('wealth-portal/test', '林晓', ['home-web', '首页'], web(image('web', '1.1'))),
    row('wealth-portal/prod', '何静', ['home-web', '首页'], web(image('web'))),
    pinned(row('wealth-portal/test', '林晓', ['quote-api', '行情接口'], api(image('api')), 1), 'beijing'),
    row('pay-core/test', '何静', ['settle-worker', '清算任务'], worker(image('worker'))),
  ];
  return {
    /** All that a small sample has. */
    small: first,
    /** `up` waits for these. */
    first: [
      ...first,
      row('wealth-portal/prod', '何静', ['product-site', '产品介绍'], site(image('site'))),
      row('pay-core/prod', '何静', ['cashier-web', '收银台'], web(image('web'))),
    ],
    /** These come while somebody looks around already. */
    later: [
      row('risk-center/prod', '何静', ['score-api', '评分接口'], api(image('api', '1.1'))),
      row(
        'loan-hub/prod',
        '何静',
        ['apply-api', '进件接口'],
        // Calls the other by its DNS name, and itself so that its log stays alive.
        api(image('api'), { CALLS: 'http://score-api.risk-center-prod:8080/ http://127.0.0.1:8080/' }),
      ),
      row('infra-tools/dev', '何静', ['notify-worker', '通知任务'], worker(image('worker')), 1),
      row('loan-hub/test', '何静', ['campaign-web', '活动页'], site(image('site')), 1),
      row(
        'wealth-data/test',
        '何静',
        ['report-api', '报表接口(故意一半未就绪)'],
        api(image('api'), { FAIL_PROBE_AFTER: '90s', FAIL_PROBE_IN: 'shanghai' }),
      ),
      row(
        'wealth-data/test',
        '林晓',
        ['quote-push', '行情推送(故意缺少 DB_URL)'],
        { ...worker(image('crash')), rolloutDeadlineSeconds: 60 },
        1,
      ),
    ],
  };
}

/** Node: the largest of them. In production what is reserved is the whole size, and a cluster of a small laptop has one core. */
export function web(image: string): Spec {
  return { ...api(image), size: { cpuMillis: 100, memoryMiB: 96 } };
}

export function api(image: string, variables: Record<string, string> = {}): Spec {
  return {
    image,
    size: { cpuMillis: 20, memoryMiB: 32 },
    ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
    variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
    readiness: {
      kind: 'http',
      path: '/healthz',
      port: 8080,
      periodSeconds: 2,
      timeoutSeconds: 1,
      failureThreshold: 3,
    },
    liveness: null,
    startupAllowanceSeconds: 30,
    gracefulStopSeconds: 2,
    runAsUser: null,
    rolloutDeadlineSeconds: 180,
  };
}

const site = (image: string): Spec => api(image);

function worker(image: string): Spec {
  return { ...api(image), ports: [], readiness: null };
}

function pinned(row: SampleRow, cluster: string): SampleRow {
  return { ...row, body: { ...row.body, policy: { mode: 'pinned', clusters: [cluster], minPerCluster: 0 } } };
}
