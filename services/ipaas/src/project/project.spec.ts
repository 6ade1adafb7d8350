import { expect, test } from '@jest/globals';
import { whyNotDeployable } from './project.js';

const open = { retired: false, allowsUnregistered: true };
const strict = { retired: false, allowsUnregistered: false };

test.each([
  ['a registered service in a strict project', strict, true, null],
  ['an unregistered one where that is allowed', open, false, null],
  ['an unregistered one where it is not', strict, false, 'unregistered_service'],
  ['anything in a retired project', { ...open, retired: true }, true, 'project_retired'],
  ['anything in a project that the CMDB never named', null, true, 'unknown_project'],
])('deploying %s', (_, project, isRegistered, code) => {
  expect(whyNotDeployable(project, { project: 'shop', service: 'cart', isRegistered })?.code ?? null).toBe(code);
});
