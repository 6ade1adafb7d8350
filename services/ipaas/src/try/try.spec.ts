import { describe, expect, test } from '@jest/globals';
import { doorOf, type ClusterDoors } from './try.js';

const spec = {
  ports: [
    { name: 'http', port: 8080, protocol: 'HTTP' as const },
    { name: 'admin', port: 9090, protocol: 'HTTP' as const },
  ],
};
const container = (name: string, ip: string, ready = true) => ({ name, ip, ready });
const beijing: ClusterDoors = {
  cluster: 'beijing',
  reach: 'podIP',
  containers: [container('a', '10.1.0.1', false)],
  nodePorts: [],
};
const shanghai: ClusterDoors = {
  cluster: 'shanghai',
  reach: 'nodePort',
  containers: [container('b', '10.2.0.1')],
  nodePorts: [
    { address: '192.168.0.9', port: 31_080, portName: 'http' },
    { address: '192.168.0.9', port: 31_090, portName: 'admin' },
  ],
};

describe('the address of a service that is asked', () => {
  test('is one behind which somebody is ready, though another cluster comes first', () => {
    expect(doorOf(spec, [beijing, shanghai], { port: 8080 })).toEqual({
      cluster: 'shanghai',
      container: null,
      host: '192.168.0.9',
      port: 31_080,
    });
  });

  test('is a container itself where containers can be reached', () => {
    const ready = { ...beijing, containers: [container('a', '10.1.0.1', false), container('c', '10.1.0.3')] };
    expect(doorOf(spec, [ready], { port: 9090 })).toEqual({
      cluster: 'beijing',
      container: 'c',
      host: '10.1.0.3',
      port: 9090,
    });
  });

  test('is in the cluster that is asked for, also when nobody is ready there', () => {
    const door = doorOf(spec, [beijing, shanghai], { port: 8080, cluster: 'beijing' });
    expect(door).toMatchObject({ cluster: 'beijing', container: 'a' });
  });

  test.each([
    ['a port that the release does not have', { port: 22 }, [shanghai], 'unknown_port'],
    ['a cluster that it is not in', { port: 8080, cluster: 'nowhere' }, [shanghai], 'nothing_to_ask'],
    ['no container anywhere', { port: 8080 }, [{ ...beijing, containers: [] }], 'nothing_to_ask'],
  ])('%s is a problem', (_, wanted, clusters, code) => {
    expect(doorOf(spec, clusters, wanted)).toMatchObject({ code });
  });
});
