import { randomUUID } from 'node:crypto';
import { pathTo, problemOf, routes, type ProblemCode } from '@berth/api';
import type { ApiUser } from '@berth/local';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { deployBody } from '../bodies.js';
import { openBrowser, Person, type Screen } from '../browser.js';
import { pushForeignImage } from './foreign-image.js';
import { administrator, chosenPassword, person } from '../people.js';
import { eventually, status } from '../platform.js';
import { sampleImage, sampleProject } from '../sample.js';
import { wordsOf, type Word } from '../words.js';

const id = randomUUID().slice(0, 6);
const good = sampleImage('1.0');
const neverReady = {
  rolloutDeadlineSeconds: 10,
  readiness: { kind: 'http', path: '/nowhere', port: 8080, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1 },
};

let admin: ApiUser;
let browser: Browser;
let scope: { project: string; environment: 'test' };
let foreign: string;
const operations: Record<'firstDeploy' | 'upgrade' | 'superseded', string> = {
  firstDeploy: '',
  upgrade: '',
  superseded: '',
};
const at = (service: string) => ({ ...scope, service });

/** What goes wrong is made once; people who read different languages look at it. */
beforeAll(async () => {
  admin = await administrator();
  scope = { project: await sampleProject(admin), environment: 'test' };
  foreign = await pushForeignImage('s390x');
  browser = await openBrowser();
  await person(admin, `reader-${id}`, [{ role: 'developer', scope: `project:${scope.project}` }]);
  await Promise.all([firstDeployFails(), upgradesFail()]);
});
afterAll(async () => {
  await browser.close();
  for (const code of [`fresh-${id}`, `known-${id}`]) await admin.operate(routes.deleteService, { params: at(code) });
});

async function firstDeployFails(): Promise<void> {
  const body = deployBody(`fresh-${id}`, good, neverReady);
  operations.firstDeploy = (await admin.operate(routes.deployService, { params: scope, body })).id;
}

async function upgradesFail(): Promise<void> {
  const params = at(`known-${id}`);
  await admin.operate(routes.deployService, { params: scope, body: deployBody(params.service, good) });
  const upgrade = async (change: object) => {
    const { spec, specVersion } = await admin.ok(routes.getService, { params });
    const body = { spec: { ...spec, ...change } };
    const { operationId } = await admin.ok(routes.upgradeService, { params, ifMatch: specVersion, body });
    await eventually('the next version', async () => {
      return (await admin.ok(routes.getService, { params })).specVersion > specVersion;
    });
    return operationId;
  };
  operations.upgrade = await upgrade(neverReady);
  await admin.ended(operations.upgrade);
  operations.superseded = await upgrade({ ...neverReady, rolloutDeadlineSeconds: 120 });
  const last = await upgrade({ rolloutDeadlineSeconds: 60, readiness: deployBody('x', good).spec.readiness });
  await Promise.all([admin.ended(operations.superseded), admin.ended(last)]);
}

const screens: Screen[] = [
  { language: 'zh-CN', colorScheme: 'light', width: 1280 },
  { language: 'en', colorScheme: 'dark', width: 1920 },
];

describe.each(screens)('what goes wrong, on the pages in $language', (screen) => {
  const { language } = screen;
  const t = wordsOf(language);
  let me: Person;

  beforeAll(async () => {
    me = await Person.open(browser, screen);
    await me.login(admin.url, (await status()).adminUser, chosenPassword);
  });
  afterAll(() => me.close());

  const open = (path: string) => me.page.goto(admin.url + path);
  const deployPage = () => open(`/p/${scope.project}/test/deploy`);

  /** The note about a problem is there, in words of this language alone. */
  async function expectNote(code: ProblemCode, texts: readonly string[], picture: string): Promise<void> {
    const note = me.page.locator(`[data-testid=problem][data-code=${code}]`);
    await note.waitFor();
    await me.picture(picture);
    const text = await note.innerText();
    for (const part of [t(`problem.${code}.title` as Word), t('problem.what'), t('problem.who'), ...texts])
      expect(text).toContain(part);
    expect(text).not.toMatch(/[{}]|undefined|null/);
    // What a cluster said stays as it is; it stands in the rows.
    const sentences = (await note.locator('h3, dt, dd:not(:has(ul))').allInnerTexts()).join('\n');
    if (language === 'zh-CN') expect(sentences).not.toMatch(/[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/);
    else expect(sentences).not.toMatch(/[\u4e00-\u9fff]/);
  }

  const images = () =>
    [
      ['image_not_found', good.replace(/:[^:]*$/, ':9.9')],
      ['image_invalid', 'UPPER/Case:1'],
      ['registry_unreachable', '127.0.0.1:9/none/none:1'],
      ['image_wrong_architecture', foreign],
    ] as const;

  test('an image that is not there, none, unreachable or for other machines: four different answers under the field', async () => {
    await deployPage();
    for (const [code, image] of images()) {
      await me.field('deploy-image').fill(image);
      const answer = me.at('image-answer').locator(`[data-code=${code}]`);
      await answer.waitFor();
      await me.picture(`problem-${code}`);
      const text = await answer.innerText();
      expect(text).toContain(t(`problem.${code}.title`));
      expect(text).toContain(t(`problem.${code}.todo`, { wanted: process.arch === 'arm64' ? 'arm64' : 'amd64' }));
      expect(text).not.toMatch(/[{}]/);
    }
  });

  test('an image that needs a login', async () => {
    await deployPage();
    // No registry of the local platform is locked; this answer alone is put before the page.
    const problem = problemOf('image_unauthorized', { image: 'private.example/team/app:1' });
    await me.page.route(`**${pathTo(routes.resolveImage, scope)}*`, (route) =>
      route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await me.field('deploy-image').fill('private.example/team/app:1');
    const answer = me.at('image-answer').locator('[data-code=image_unauthorized]');
    await answer.waitFor();
    for (const part of ['title', 'todo'] as const)
      expect(await answer.innerText()).toContain(t(`problem.image_unauthorized.${part}`));
    await me.page.unrouteAll();
  });

  test('a deploy of an image that is not there is refused, and the form keeps what was written', async () => {
    await deployPage();
    await me.field('deploy-code').fill(`gone-${id}`);
    await me.field('deploy-image').fill(good.replace(/:[^:]*$/, ':9.9'));
    await me.at('deploy-submit').click();
    await expectNote('image_not_found', [t('problem.actor.you'), t('problem.image_not_found.todo')], 'refused-image');
    expect(await me.field('deploy-code').inputValue()).toBe(`gone-${id}`);
  });

  test('a name that is taken: at once beside the field, and when it is sent all the same', async () => {
    await deployPage();
    await me.field('deploy-code').fill(`known-${id}`);
    await me.field('deploy-image').fill(good);
    await me.at('name-answer').and(me.page.locator('[data-free=false]')).waitFor();
    await me.at('image-answer').locator('.mark-ok').waitFor();
    await me.at('deploy-submit').click();
    const detail = t('problem.name_taken.detail', { service: `known-${id}`, scope: `${scope.project}/test` });
    await expectNote('name_taken', [detail, t('problem.name_taken.todo')], 'refused-name');
  });

  test('a field that the platform does not know, as an old page may send it', async () => {
    await deployPage();
    await me.page.route(`**${pathTo(routes.deployService, scope)}`, (route) =>
      route.continue({ postData: { ...(route.request().postDataJSON() as object), isAdmin: true } }),
    );
    await me.field('deploy-code').fill(`wrong-${id}`);
    await me.field('deploy-image').fill(good);
    await me.at('image-answer').locator('.mark-ok').waitFor();
    await me.at('deploy-submit').click();
    await expectNote('bad_request', ['isAdmin', t('problem.bad_request.todo')], 'refused-body');
    await me.page.unrouteAll();
  });

  test('fields that are wrong are named in the form before anything is sent', async () => {
    await deployPage();
    await me.field('deploy-code').fill('kube-thing');
    // The form keeps a draft of what was written before.
    await me.field('deploy-image').fill('');
    await me.at('deploy-submit').click();
    await me.page.getByText(t('invalid.code')).waitFor();
    await me.page.getByText(t('invalid.spec.image')).waitFor();
    await me.page.getByText(t('deploy.wrongFields', { count: 2 })).waitFor();
    await me.picture('refused-fields');
  });

  test('too little room: shown before it is sent, and refused with a reason for each cluster', async () => {
    await deployPage();
    await me.field('deploy-code').fill(`big-${id}`);
    await me.field('deploy-image').fill(good);
    await me.at('image-answer').locator('.mark-ok').waitFor();
    await me.page.getByLabel('CPU', { exact: true }).fill('64000');
    await me.page.getByText(t('deploy.notPlaceable')).waitFor();
    await me.picture('no-room');
    await me.at('deploy-submit').click();
    await me.at('op-state').getByText(t('operationState.refused')).waitFor();
    await expectNote(
      'no_capacity',
      ['beijing', 'shanghai', t('problem.actor.platform'), t('problem.no_capacity.todo')],
      'refused-room',
    );
  });

  test('a first deploy that never gets ready: nothing served before, and everything stays for a look', async () => {
    await open(`/operations/${operations.firstDeploy}`);
    await me.at('op-state').getByText(t('operationState.failed')).waitFor();
    await expectNote(
      'rollout_deadline',
      [t('problem.nothingServed'), t('problem.rollout_deadline.todo')],
      'failed-first',
    );
    await open(`/p/${scope.project}/test/services/fresh-${id}/overview`);
    await me.page.getByText(t('serviceState.deploy_failed')).first().waitFor();
    await me.picture('failed-first-service');
  });

  test('an upgrade that never gets ready: the release before keeps serving', async () => {
    await open(`/operations/${operations.upgrade}`);
    await me.at('op-state').getByText(t('operationState.failed')).waitFor();
    await expectNote('rollout_deadline', [t('problem.releaseServes', { release: 1 })], 'failed-upgrade');
  });

  test('a second upgrade during the first takes its place', async () => {
    await open(`/operations/${operations.superseded}`);
    await me.at('op-state').getByText(t('operationState.superseded')).waitFor();
    const kind = t('operationKind.service.upgrade');
    await expectNote('superseded', [t('problem.superseded.detail', { kind })], 'superseded');
  });

  test('a change made on an old version is refused with both versions', async () => {
    const { specVersion, spec } = await admin.ok(routes.getService, { params: at(`known-${id}`) });
    await open(`/p/${scope.project}/test/services/known-${id}/settings`);
    await me.page.route(`**${pathTo(routes.upgradeService, at(`known-${id}`))}`, (route) =>
      route.continue({ headers: { ...route.request().headers(), 'if-match': `"${specVersion - 1}"` } }),
    );
    await me.field('deploy-image').fill(sampleImage('1.1'));
    await me.at('image-answer').locator('.mark-ok').waitFor();
    await me.at('upgrade-submit').click();
    const params = { seen: specVersion - 1, current: specVersion };
    await expectNote('stale_version', [t('problem.stale_version.detail', params)], 'refused-stale');
    await me.page.unrouteAll();

    // Somebody else is faster while the form is open: it says so at once, and waits for a choice.
    const body = { spec: { ...spec, gracefulStopSeconds: (spec?.gracefulStopSeconds ?? 0) + 1 } };
    await admin.operate(routes.upgradeService, { params: at(`known-${id}`), ifMatch: specVersion, body });
    await me.at('stale-draft').getByText(t('settings.staleTitle')).waitFor();
    expect(await me.at('upgrade-submit').isDisabled()).toBe(true);
    await me.picture('stale-draft');
  });

  test('whoever may not deploy to production is told so, on the form and by the platform', async () => {
    const reader = await Person.open(browser, screen);
    await reader.login(admin.url, `reader-${id}`, `second-Password-reader-${id}`);
    await reader.page.goto(`${admin.url}/p/${scope.project}/prod/deploy`);
    await reader.page.getByText(t('common.noRight', { right: t('right.service.deploy') })).waitFor();
    expect(await reader.at('deploy-submit').isDisabled()).toBe(true);
    await reader.picture('no-right');
    await reader.page.goto(`${admin.url}/admin/audit`);
    const note = reader.page.locator('[data-testid=problem][data-code=forbidden]');
    await note.waitFor();
    await reader.picture('forbidden');
    expect(await note.innerText()).toContain(t('problem.forbidden.title'));
    expect(await note.innerText()).toContain(t('role.developer'));
    expect(reader.errors).toEqual([]);
    await reader.close();
  });

  test('and the console is clean', () => expect(me.errors).toEqual([]));
});
