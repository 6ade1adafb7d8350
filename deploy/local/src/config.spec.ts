import { describe, expect, test } from '@jest/globals';
import { parseDesired } from './cli.js';
import { buildEnv } from './config.js';

describe('the environment of build tools', () => {
  test.each([
    ['no proxy: Maven is told nothing', {}, undefined],
    [
      'a proxy with a port',
      { HTTPS_PROXY: 'http://proxy.example:3128' },
      '-Dhttps.proxyHost=proxy.example -Dhttps.proxyPort=3128',
    ],
    [
      'a proxy without a scheme',
      { https_proxy: 'proxy.example:81' },
      '-Dhttps.proxyHost=proxy.example -Dhttps.proxyPort=81',
    ],
    [
      'hosts that go without it',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'localhost,10.0.0.1' },
      '-Dhttps.proxyHost=p -Dhttps.proxyPort=1 -Dhttp.nonProxyHosts=localhost|10.0.0.1',
    ],
    [
      'options of one’s own name the proxy already',
      { HTTPS_PROXY: 'http://p:1', MAVEN_OPTS: '-Dhttps.proxyHost=q' },
      '-Dhttps.proxyHost=q',
    ],
  ])('%s', (_, env, wanted) => {
    expect(buildEnv(env).MAVEN_OPTS ?? (env as { MAVEN_OPTS?: string }).MAVEN_OPTS).toBe(wanted);
  });
});

describe('what up is asked for', () => {
  test.each([
    ['everything, on this machine', [], [], 'full'],
    ['nothing, on clusters of somebody’s own', [], ['a.yaml'], 'none'],
    ['--sample alone asks for all of it', ['--sample'], ['a.yaml'], 'full'],
    ['--sample before another option', ['--sample', '--copies', '2'], ['a.yaml'], 'full'],
    ['--sample small', ['--sample', 'small'], [], 'small'],
    ['--empty', ['--empty'], [], 'none'],
  ])('%s', (_, args, kubeconfigs, sample) => {
    expect(parseDesired(args, { kubeconfigs }).sample).toBe(sample);
  });

  test('a level that does not exist is named', () => {
    expect(() => parseDesired(['--sample', 'big'])).toThrow('--sample is one of full, small, none');
  });
});
