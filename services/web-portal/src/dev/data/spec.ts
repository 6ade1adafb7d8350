import { defaultSize, type ServiceSpec } from '@berth/contracts';
import { digest } from './basics.js';

export const specFor = (image: string): ServiceSpec => ({
  image,
  size: defaultSize,
  ports: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
  variables: [
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'DB_PASSWORD', secret: { name: 'DB_PASSWORD', version: 2 } },
  ],
  readiness: { kind: 'http', path: '/ready', port: 8080, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 },
  liveness: null,
  startupAllowanceSeconds: 60,
  gracefulStopSeconds: 30,
  runAsUser: null,
  rolloutDeadlineSeconds: 300,
});
export const resolved = (image: string) => ({
  reference: image,
  repository: image.split(':')[0] ?? image,
  tag: image.split(':')[1] ?? null,
  digest: digest(image),
  architecture: 'amd64',
  user: '10001',
  exposedPorts: [8080],
  sizeBytes: 84_300_000,
});
