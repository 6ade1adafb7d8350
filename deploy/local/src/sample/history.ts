import { routes } from '@berth/api';
import { isOvertaken } from './answers.js';
import { nextSnapshot, ofRound, type PersonName } from './company.js';
import { api, sampleRows, type SampleRow } from './rows.js';
import type { Outcome, Stage, Step } from './stage.js';

/**
 * What the people of the company did after the first six services ran. Every step is an ordinary request; some are refused
 * or fail, as in every company, and are told as they were.
 */
export function history(prefix: string): Step[] {
  const { later } = sampleRows(prefix);
  const [score, apply, notify, campaign, report, push] = later as [SampleRow, SampleRow, ...SampleRow[]];
  const rows = [score, apply, notify, campaign, report].filter((row) => row !== undefined);
  const cashier = { project: 'pay-core', environment: 'prod', service: 'cashier-web' } as const;
  const fund = fundApi(`${prefix}/sample-api:1.0`);
  return [
    // Fails after a minute; nobody waits for it.
    ...(push ? [deploy(push, { waits: false })] : []),
    ...rows.map((row) => deploy(row)),
    refused(
      'missing-image',
      '林晓 deploys an image that is not there',
      fundApi(`${prefix}/sample-api:9.9`),
      'image_not_found',
    ),
    refused(
      '64-cores',
      '林晓 asks for 64 cores',
      withSize(fund, { cpuMillis: 64_000, memoryMiB: 1024 }),
      'no_capacity',
    ),
    refused('forbidden', '林晓 deploys to production', { ...fund, environment: 'prod' }, 'forbidden'),
    change('stop-campaign', '周航 stops 活动页', '周航', (stage, user, id) =>
      stage.command(user, id, routes.stopService, {
        params: { project: 'loan-hub', environment: 'test', service: 'campaign-web' },
        body: { cause: '活动结束' },
      }),
    ),
    change('scale-home', '何静 scales 首页 to 3', '何静', (stage, user, id) =>
      stage.command(user, id, routes.scaleService, {
        params: { project: 'wealth-portal', environment: 'prod', service: 'home-web' },
        body: { replicas: 3, cause: '早高峰扩容' },
      }),
    ),
    change('restart-settle', '周航 restarts 清算任务', '周航', (stage, user, id) =>
      stage.command(user, id, routes.restartService, {
        params: { project: 'pay-core', environment: 'test', service: 'settle-worker' },
        body: { cause: '对账文件已补齐,重新读取' },
      }),
    ),
    upgrade('upgrade-cashier', '1.1', '支持分期付款', {}),
    upgrade('bad-upgrade-cashier', '1.2-bad-probe', '新版健康检查', { rolloutDeadlineSeconds: 60 }),
    change('rollback-cashier', '周航 rolls 收银台 back', '周航', async (stage, user, id) => {
      const { items } = await user.ok(routes.listReleases, { params: cashier, query: { limit: 50 } });
      const good = items.find((release) => release.lastGood) ?? items.find((release) => release.result === 'available');
      if (!good) return { refused: 'no_good_release' };
      const ifMatch = await etagOf(user, cashier);
      const body = { toRelease: good.number, cause: '新版未通过健康检查' };
      return stage.command(user, id, routes.rollbackService, { params: cashier, ifMatch, body });
    }),
    {
      id: 'cmdb-next',
      title: 'the CMDB pushes: one code is refused, one running service is gone',
      run: (stage) => stage.push(ofRound(nextSnapshot, stage.round)),
    },
  ];

  function upgrade(id: string, version: string, cause: string, spec: { rolloutDeadlineSeconds?: number }): Step {
    return change(id, `何静 upgrades 收银台 to ${version}`, '何静', async (stage, user, key) => {
      const { spec: live } = await user.ok(routes.getService, { params: cashier });
      if (!live) return { refused: 'no_spec' };
      const ifMatch = await etagOf(user, cashier);
      const body = { spec: { ...live, ...spec, image: `${prefix}/sample-web:${version}` }, cause };
      return stage.command(user, key, routes.upgradeService, { params: cashier, ifMatch, body });
    });
  }
}

type User = Awaited<ReturnType<Stage['as']>>;

function change(
  id: string,
  title: string,
  by: PersonName,
  work: (stage: Stage, user: User, id: string) => Promise<Outcome>,
): Step {
  return { id, title, run: async (stage) => work(stage, await stage.as(by), id) };
}

function deploy(row: SampleRow, { waits = true } = {}): Step {
  const id = `${row.project}/${row.environment}/${row.body.code}`;
  return {
    id,
    title: `${row.by} deploys ${id}`,
    async run(stage) {
      const user = await stage.as(row.by);
      const answer = await stage.deploy(user, id, row);
      if ('refused' in answer && !isOvertaken(answer.refused)) throw new Error(`${id}: ${answer.refused}`);
      if (waits && 'operationId' in answer) await user.ended(answer.operationId, 300_000);
    },
  };
}

/** An attempt that is refused at once or right after acceptance; the service stays 未部署. */
function refused(id: string, title: string, row: SampleRow, code: string): Step {
  const { project, environment, body, by } = row;
  return {
    id,
    title,
    run: async (stage) =>
      stage.refused(await stage.as(by), id, routes.deployService, { params: { project, environment }, body }, code),
  };
}

const fundApi = (image: string): SampleRow => ({
  project: 'wealth-portal',
  environment: 'test',
  by: '林晓',
  body: {
    code: 'fund-api',
    name: '基金接口',
    spec: api(image),
    replicas: 1,
    policy: { mode: 'spread', clusters: [], minPerCluster: 0 },
    cause: '首次部署',
  },
});

const withSize = (row: SampleRow, size: { cpuMillis: number; memoryMiB: number }): SampleRow => ({
  ...row,
  body: { ...row.body, spec: { ...row.body.spec, size } },
});

async function etagOf(user: User, params: { project: string; environment: 'prod'; service: string }): Promise<string> {
  const { etag } = await user.call(routes.getService, { params });
  return etag ?? '';
}
