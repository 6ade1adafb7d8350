import { ServiceSpec } from '@berth/contracts';
import { expect, test } from '@jest/globals';
import { draftOf, emptySpec, specOf } from '../deploy/draft.js';
import type { Base } from './bases.js';
import { freshUpgrade, onBase, onSameBase } from './kept-upgrade.js';

const version = { etag: '"3"', specVersion: 3 };
const base = (release: number, part: Partial<typeof emptySpec>): Base => ({
  release,
  spec: ServiceSpec.parse(specOf({ ...emptySpec, image: 'web:1.0', ...part })),
  digest: null,
  standing: 'live',
});

test('a change of the memory begun on #1 and put on the failed #2 keeps both: image of #2, memory of mine', () => {
  const failed = base(2, { image: 'web:1.1', gracefulStopSeconds: 10 });
  const kept = freshUpgrade(base(1, { image: 'web:1.0' }), version);
  const mine = { ...kept, draft: { ...kept.draft, memoryMiB: 4096 }, cause: '内存' };
  expect(onBase(mine, failed, version)).toEqual({
    base: { release: 2, spec: failed.spec, digest: null, etag: '"3"', version: 3 },
    draft: { ...draftOf(failed.spec), memoryMiB: 4096 },
    cause: '内存',
    copiedFrom: null,
    operation: null,
  });
});

test('a change whose version moved on though nothing is different goes on with version 4; during a change it waits', () => {
  const kept = freshUpgrade(base(1, {}), version);
  const refused = { etag: '"4"', specVersion: 4, candidate: null };
  expect(onSameBase(kept, base(1, {}), refused).base).toMatchObject({ etag: '"4"', version: 4 });
  const candidate = { release: 2, operationId: '', deadlineAt: '' };
  expect(onSameBase(kept, base(1, {}), { ...refused, candidate })).toBe(kept);
  expect(onSameBase(kept, base(2, { image: 'web:2' }), refused)).toBe(kept);
});
