import { describe, expect, test } from '@jest/globals';
import { statusText } from './report.js';
import { describeStatus, type Board } from './status.js';

const unit = (
  name: string,
  group: Board['units'][number]['group'],
  state: Board['units'][number]['state'] = 'ready',
) => ({
  name,
  title: name,
  group,
  gates: true,
  state,
  detail: state === 'failing' ? 'it died' : '',
  since: '2026-11-21T00:00:00.000Z',
  attempts: 0,
  pid: 42,
});

const board = (units: Board['units']): Board => ({
  heard: 1,
  code: 'x',
  units,
  addresses: {
    url: 'http://127.0.0.1:28010',
    adminUser: 'admin',
    adminPasswordFile: '/tmp/password',
    engines: {
      postgres: 'postgres://127.0.0.1:1',
      kafka: 'kafka:9092',
      redis: 'redis://127.0.0.1:2',
      registry: 'http://r',
      prometheus: 'http://p',
    },
    services: { 'gateway-1': 'http://127.0.0.1:28010', 'ipaas-2': 'http://127.0.0.1:28021' },
    clusters: [{ name: 'beijing', kubeconfig: '/k', platformKubeconfig: '/p' }],
  },
});

const there = () => true;

describe('the status of a platform', () => {
  const running = board([
    unit('postgres', 'engine'),
    unit('beijing.kubelet', 'cluster'),
    unit('gateway-1', 'service'),
    unit('ipaas-2', 'service'),
  ]);

  test('4 ready units are a healthy platform with its address', () => {
    const status = describeStatus(running, 7, there);
    expect(status).toMatchObject({
      healthy: true,
      url: 'http://127.0.0.1:28010',
      supervisor: { running: true, pid: 7 },
    });
    expect(status.services.map(({ name, service, ready, url }) => ({ name, service, ready, url }))).toEqual([
      { name: 'gateway-1', service: 'gateway', ready: true, url: 'http://127.0.0.1:28010' },
      { name: 'ipaas-2', service: 'ipaas', ready: true, url: 'http://127.0.0.1:28021' },
    ]);
  });

  test('one failing component makes its cluster unready and says why', () => {
    const sick = board([unit('beijing.kubelet', 'cluster', 'failing'), unit('beijing.etcd', 'cluster')]);
    const status = describeStatus(sick, 7, there);
    expect(status.healthy).toBe(false);
    expect(status.clusters).toEqual([
      { name: 'beijing', kubeconfig: '/k', platformKubeconfig: '/p', ready: false, detail: 'beijing.kubelet: it died' },
    ]);
  });

  test('a unit that gates nothing may fail while the platform is healthy', () => {
    const base = { ...unit('base-image', 'prepare', 'failing'), gates: false };
    expect(describeStatus(board([...running.units, base]), 7, there).healthy).toBe(true);
  });

  test('the board of a supervisor that is gone counts for nothing', () => {
    expect(describeStatus(running, undefined, there)).toMatchObject({ healthy: false, url: null, services: [] });
    expect(describeStatus(undefined, undefined, there).healthy).toBe(false);
  });

  test('an engine that was given from outside has no unit and counts as ready', () => {
    const kafka = describeStatus(running, 7, there).engines.find((engine) => engine.name === 'kafka');
    expect(kafka).toMatchObject({ ready: true, address: 'kafka:9092' });
  });

  test('the first login is shown as long as its password file is there, and not after', () => {
    const [before, after] = [describeStatus(running, 7, there), describeStatus(running, 7, () => false)];
    expect([before.adminPasswordFile, after.adminPasswordFile]).toEqual(['/tmp/password', null]);
    expect(statusText(before)).toContain('first login admin, password in /tmp/password');
    expect(statusText(after)).not.toContain('password');
  });
});
