import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { aRender, aSpec, anImage } from './workload.builders.js';
import { RENDERER_VERSION, renderRelease, type RenderInput } from './render.js';

/** What releases look like that were made before: another output under the same version would restart them. */
const golden: Record<string, RenderInput> = {
  web: aRender(),
  worker: aRender({ key: 'shop/dev/worker', spec: aSpec({ ports: [], readiness: null }), requestRatio: 0.25 }),
  everything: aRender({
    key: 'shop/staging/api',
    release: 7,
    requestRatio: 0.5,
    image: anImage({ user: null, tag: null, reference: `registry.berth.local:5000/shop/api@sha256:${'a'.repeat(64)}` }),
    spec: aSpec({
      size: { cpuMillis: 1500, memoryMiB: 1536 },
      ports: [
        { name: 'http', port: 8080, protocol: 'HTTP' },
        { name: 'grpc', port: 9090, protocol: 'TCP' },
      ],
      command: ['sh', '-c'],
      args: ['exec app --price=$$5 --user=$(USER)'],
      variables: [
        { name: 'PRICE', value: 'a$$b $(HOME) $x' },
        { name: 'DB_URL', secret: { name: 'DB_URL', version: 3 } },
        { name: 'BERTH_SERVICE', value: 'my own' },
      ],
      readiness: {
        kind: 'http',
        path: '/readyz',
        port: 8080,
        periodSeconds: 3,
        timeoutSeconds: 2,
        failureThreshold: 4,
      },
      liveness: { kind: 'command', command: ['ok'], periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
      startupAllowanceSeconds: 61,
      gracefulStopSeconds: 0,
      registryCredential: 'harbor',
    }),
  }),
  hosts: aRender({
    key: 'shop/test/hosts',
    spec: aSpec({
      hostAliases: [
        { ip: '10.2.0.15', hostnames: ['pay.partner.example', 'pay'] },
        { ip: 'fd00::8', hostnames: ['ledger.partner.example'] },
      ],
    }),
  }),
};

interface Container {
  env: { name: string; value?: string }[];
  image: string;
  resources: unknown;
  [field: string]: unknown;
}

function containerOf(input: RenderInput): Container {
  const { deployment } = renderRelease(input);
  const { template } = deployment['spec'] as { template: { spec: { containers: Container[] } } };
  return template.spec.containers[0] as Container;
}

describe('the rendering of a release', () => {
  for (const [name, input] of Object.entries(golden)) {
    test(`${name} gives what version ${RENDERER_VERSION} of the renderer always gave`, () => {
      const file = new URL(`./golden/${name}.json`, import.meta.url);
      expect(renderRelease(input)).toEqual(JSON.parse(readFileSync(file, 'utf8')) as unknown);
    });
  }

  test('names are in the pod of every container; without them, or with 0 of them, a pod is what it was before', () => {
    const podOf = (spec: Partial<RenderInput['spec']>) => {
      const { template } = renderRelease(aRender({ spec: aSpec(spec) })).deployment['spec'] as {
        template: { spec: Record<string, unknown> };
      };
      return template.spec;
    };
    const hostAliases = [{ ip: '10.2.0.15', hostnames: ['pay', 'pay.partner.example'] }];
    expect(podOf({ hostAliases })).toEqual({ ...podOf({}), hostAliases });
    expect(JSON.stringify(podOf({ hostAliases: [] }))).toBe(JSON.stringify(podOf({})));
    expect(podOf({})).not.toHaveProperty('hostAliases');
  });

  test('the request is the size times the ratio of the environment, the limit is the size', () => {
    expect(containerOf(aRender({ requestRatio: 0.25 })).resources).toEqual({
      limits: { cpu: '1', memory: '1Gi' },
      requests: { cpu: '250m', memory: '256Mi' },
    });
  });

  test('a tag never reaches a cluster: the image is named by its digest', () => {
    expect(containerOf(aRender()).image).toBe(`registry.berth.local:5000/shop/cart@sha256:${'a'.repeat(64)}`);
    expect(containerOf(aRender({ image: anImage({ reference: 'busybox' }) })).image).toBe(
      `busybox@sha256:${'a'.repeat(64)}`,
    );
  });

  test('a dollar sign is doubled, so that the process sees what the user typed', () => {
    const env = containerOf(golden['everything'] as RenderInput).env;
    expect(env.find(({ name }) => name === 'PRICE')?.value).toBe('a$$$$b $$(HOME) $$x');
  });

  test("a variable of the user's takes the place of ours, and no name comes twice", () => {
    const names = containerOf(golden['everything'] as RenderInput).env.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name === 'BERTH_SERVICE')).toHaveLength(1);
  });

  test('another release, image, size or variable gives another template hash; another name for people does not', () => {
    const hash = (change: Partial<RenderInput>) => renderRelease(aRender(change)).podTemplateHash;
    const base = hash({});
    expect(hash({ name: '另一个' })).toBe(base);
    for (const change of [
      { release: 2 },
      { image: anImage({ digest: `sha256:${'b'.repeat(64)}` }) },
      { spec: aSpec({ size: { cpuMillis: 500, memoryMiB: 1024 } }) },
      { spec: aSpec({ variables: [{ name: 'A', value: '1' }] }) },
    ])
      expect(hash(change)).not.toBe(base);
  });

  test('the user is the one of the spec, else the number in the image, else 1000: never root', () => {
    const userOf = (input: RenderInput) => {
      const { template } = renderRelease(input).deployment['spec'] as {
        template: { spec: { securityContext: object } };
      };
      return template.spec.securityContext;
    };
    const seccompProfile = { type: 'RuntimeDefault' };
    expect(userOf(aRender({ spec: aSpec({ runAsUser: 33 }) }))).toEqual({
      runAsNonRoot: true,
      runAsUser: 33,
      seccompProfile,
    });
    expect(userOf(aRender({ image: anImage({ user: '101:101' }) }))).toEqual({ runAsNonRoot: true, seccompProfile });
    for (const user of [null, '', '0', 'root', 'nginx', '0:0'])
      expect(userOf(aRender({ image: anImage({ user }) }))).toEqual({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile,
      });
  });
});
