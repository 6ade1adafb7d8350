import type { DeployBody } from '@berth/api';
import type { EnvironmentName } from '@berth/contracts';

/** The sample company, as its CMDB pushes it. Everything is marked as a sample in its names. */
export const cmdbSnapshot = {
  source: 'sample',
  version: 1,
  businessLines: [
    { cmdbId: 'BL-1', code: 'wealth', name: '财富(样例)', allowsUnregistered: true },
    { cmdbId: 'BL-2', code: 'payment', name: '支付(样例)', allowsUnregistered: false },
  ],
  projects: [
    { cmdbId: 'P-1', code: 'wealth-portal', name: '财富门户', businessLine: 'BL-1' },
    { cmdbId: 'P-2', code: 'pay-core', name: '支付核心', businessLine: 'BL-2' },
  ],
  services: [
    { cmdbId: 'S-1', code: 'home-web', name: '首页', project: 'P-1', owner: '林晓' },
    { cmdbId: 'S-2', code: 'quote-api', name: '行情接口', project: 'P-1', owner: '林晓' },
    { cmdbId: 'S-3', code: 'report-api', name: '报表接口', project: 'P-1', owner: '何静' },
    { cmdbId: 'S-4', code: 'cashier-web', name: '收银台', project: 'P-2', owner: '何静' },
    { cmdbId: 'S-5', code: 'settle-worker', name: '清算任务', project: 'P-2', owner: '何静' },
  ],
};

export interface SampleService {
  readonly project: string;
  readonly environment: EnvironmentName;
  readonly body: DeployBody;
}

/** Four services over both clusters; `imagePrefix` is the registry and folder of the sample images. */
export function sampleServices(imagePrefix: string): SampleService[] {
  return [
    {
      project: 'wealth-portal',
      environment: 'test',
      body: web('home-web', '首页', `${imagePrefix}/sample-web:1.1`, 2),
    },
    {
      project: 'wealth-portal',
      environment: 'prod',
      body: web('home-web', '首页', `${imagePrefix}/sample-web:1.0`, 2),
    },
    {
      project: 'wealth-portal',
      environment: 'test',
      body: pinned(api('quote-api', '行情接口', `${imagePrefix}/sample-api:1.0`, 1), 'beijing'),
    },
    {
      project: 'pay-core',
      environment: 'test',
      body: worker('settle-worker', '清算任务', `${imagePrefix}/sample-worker:1.0`),
    },
  ];
}

function web(code: string, name: string, image: string, replicas: number): DeployBody {
  return {
    code,
    name,
    replicas,
    policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
    cause: '样例公司',
    spec: {
      image,
      size: { cpuMillis: 200, memoryMiB: 96 },
      ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
      variables: [],
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
    },
  };
}

function api(code: string, name: string, image: string, replicas: number): DeployBody {
  const body = web(code, name, image, replicas);
  return { ...body, spec: { ...body.spec, size: { cpuMillis: 50, memoryMiB: 32 } } };
}

function worker(code: string, name: string, image: string): DeployBody {
  const body = api(code, name, image, 2);
  return { ...body, spec: { ...body.spec, ports: [], readiness: null } };
}

function pinned(body: DeployBody, cluster: string): DeployBody {
  return { ...body, policy: { mode: 'pinned', clusters: [cluster], minPerCluster: 0 } };
}
