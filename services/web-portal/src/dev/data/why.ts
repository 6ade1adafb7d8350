import type {
  Finding,
  RegistryCredential,
  ServiceCause,
  ServiceDetail,
  ServiceListItem,
  TryAnswer,
  WhyAnswer,
} from '@berth/api';
import type { ServiceState } from '@berth/contracts';
import { ago, minute } from './basics.js';

const findings: Partial<Record<ServiceState, Omit<Finding, 'container'>>> = {
  down: {
    kind: 'variable_missing',
    params: { name: 'DB_URL' },
    confidence: 'certain',
    cluster: 'beijing',
    since: ago(18 * minute),
    proof: [
      { code: 'exit_code', params: { exitCode: 78, reason: 'Error' } },
      { code: 'log_line', params: { text: 'FATAL missing environment variable DB_URL' } },
      { code: 'restarts', params: { count: 6, minutes: 10 } },
    ],
    lastGood: 2,
    actions: [
      { code: 'add_variable', params: { name: 'DB_URL' } },
      { code: 'rollback', params: { release: 2 } },
      { code: 'open_log', params: { cluster: 'beijing', container: 'quote-push-7d9f8c5b6-be0', previous: true } },
    ],
  },
  degraded: {
    kind: 'readiness_failing',
    params: { probe: 'http', port: 8080, path: '/ready' },
    confidence: 'certain',
    cluster: 'shanghai',
    since: ago(7 * minute),
    proof: [
      { code: 'probe', params: { probe: 'http', port: 8080, path: '/ready' } },
      { code: 'probe_said', params: { text: 'HTTP probe failed with statuscode: 503' } },
    ],
    lastGood: 2,
    actions: [
      { code: 'edit_probe', params: { probe: 'readiness' } },
      { code: 'rollback', params: { release: 2 } },
    ],
  },
  deploy_failed: {
    kind: 'image_not_found',
    params: { image: 'loan/h5:0.1.0' },
    confidence: 'certain',
    cluster: 'beijing',
    since: ago(12 * minute),
    proof: [{ code: 'cluster_said', params: { text: 'ErrImagePull: manifest unknown' } }],
    lastGood: null,
    actions: [{ code: 'edit_settings', params: { field: 'image' } }],
  },
  unknown: {
    kind: 'cluster_silent',
    params: { cluster: 'shanghai' },
    confidence: 'certain',
    cluster: 'shanghai',
    since: ago(2 * minute),
    proof: [{ code: 'silent_since', params: { at: ago(2 * minute) } }],
    lastGood: null,
    actions: [{ code: 'open_cluster', params: { cluster: 'shanghai' } }],
  },
};

/** The short cause of a service in this state, for lists. */
export function causeOf(state: ServiceState): ServiceCause | null {
  const finding = findings[state];
  if (!finding) return null;
  const { kind, params, cluster, since } = finding;
  const isCrash = state === 'down';
  return { kind, params, cluster, since, exitCode: isCrash ? 78 : null, restartsLast10Minutes: isCrash ? 6 : 0 };
}

export function whyOf(service: Pick<ServiceListItem, 'state' | 'code'>): WhyAnswer {
  const finding = findings[service.state];
  if (!finding) return { asOf: ago(0), finding: null, log: null, changes: null };
  const container = `${service.code}-7d9f8c5b6-be0`;
  const lines = ['INFO 启动 quote-push 3.1.0', 'INFO 读取配置', 'FATAL missing environment variable DB_URL'];
  return {
    asOf: ago(0),
    finding: { ...finding, container },
    log: {
      cluster: finding.cluster ?? 'beijing',
      container,
      previous: true,
      lines: lines.map((text, index) => ({ at: ago(20_000 - index * 150), text })),
    },
    changes: finding.lastGood
      ? {
          from: finding.lastGood,
          to: 3,
          at: ago(19 * minute),
          actor: { id: 'u-2', name: '林晓' },
          cause: '接入新行情源',
          fields: [
            { field: 'image', from: 'quote/push:3.0.2', to: 'quote/push:3.1.0' },
            { field: 'variable', name: 'DB_URL', from: 'postgres://quote', to: null },
            { field: 'size', from: '1 CPU · 1024 MiB', to: '0.5 CPU · 512 MiB' },
            {
              field: 'readiness',
              from: 'TCP :8080 · 10 s · 1 s · ×3',
              to: 'GET :8080/ready · 10 s · 1 s · ×3',
            },
          ],
        }
      : null,
  };
}

/** As those see it who may not read logs. */
export function withoutLines(why: WhyAnswer): WhyAnswer {
  const { finding } = why;
  const proof = finding?.proof.filter(({ code }) => code !== 'log_line') ?? [];
  return { ...why, log: null, finding: finding && { ...finding, proof } };
}

export const registryCredentials: RegistryCredential[] = [
  {
    name: 'harbor-prod',
    registry: 'harbor.yunfan.example',
    userName: 'robot$wealth',
    version: 2,
    updatedAt: ago(3 * 24 * 60 * minute),
    updatedBy: '何静',
    usedBy: ['home-web'],
  },
];

export function tryOf(service: Pick<ServiceDetail, 'code' | 'state'>, port: number): TryAnswer {
  const isDown = service.state === 'down';
  return {
    cluster: 'beijing',
    container: `${service.code}-7d9f8c5b6-be0`,
    address: `10.61.0.20:${port}`,
    ms: isDown ? 2 : 7,
    status: isDown ? null : 200,
    contentType: isDown ? null : 'application/json; charset=utf-8',
    body: isDown ? '' : '{"version":"1.4.2","cluster":"beijing"}',
    truncated: false,
    failure: isDown ? 'refused' : null,
  };
}
