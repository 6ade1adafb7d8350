/** 云帆集团, the sample company, as its CMDB knows it. Business lines, six projects, 14 services; invented, and marked so. */

/** How much of it is entered: all with people and history, two projects with four services for tests, or nothing. */
export const sampleLevels = ['full', 'small', 'none'] as const;
export type SampleLevel = (typeof sampleLevels)[number];

const businessLines = [
  { cmdbId: 'BL-1', code: 'wealth', name: '财富', allowsUnregistered: true },
  { cmdbId: 'BL-2', code: 'payment', name: '支付', allowsUnregistered: false },
  { cmdbId: 'BL-3', code: 'inclusive', name: '普惠', allowsUnregistered: false },
  { cmdbId: 'BL-4', code: 'infra', name: '基础架构', allowsUnregistered: false },
];

const projects = [
  { cmdbId: 'P-1', code: 'wealth-portal', name: '财富门户', businessLine: 'BL-1' },
  { cmdbId: 'P-2', code: 'pay-core', name: '支付核心', businessLine: 'BL-2' },
  { cmdbId: 'P-3', code: 'wealth-data', name: '财富数据', businessLine: 'BL-1' },
  { cmdbId: 'P-4', code: 'loan-hub', name: '普惠信贷', businessLine: 'BL-3' },
  { cmdbId: 'P-5', code: 'risk-center', name: '风控中心', businessLine: 'BL-3' },
  { cmdbId: 'P-6', code: 'infra-tools', name: '研发工具', businessLine: 'BL-4' },
];

const services = [
  { cmdbId: 'S-1', code: 'home-web', name: '首页', project: 'P-1', owner: '林晓' },
  { cmdbId: 'S-2', code: 'quote-api', name: '行情接口', project: 'P-1', owner: '林晓' },
  { cmdbId: 'S-3', code: 'product-site', name: '产品介绍', project: 'P-1', owner: '何静' },
  { cmdbId: 'S-4', code: 'fund-api', name: '基金接口', project: 'P-1', owner: '林晓' },
  { cmdbId: 'S-5', code: 'cashier-web', name: '收银台', project: 'P-2', owner: '何静' },
  { cmdbId: 'S-6', code: 'settle-worker', name: '清算任务', project: 'P-2', owner: '何静' },
  { cmdbId: 'S-7', code: 'refund-api', name: '退款接口', project: 'P-2', owner: '何静' },
  { cmdbId: 'S-8', code: 'quote-push', name: '行情推送(故意缺少 DB_URL)', project: 'P-3', owner: '林晓' },
  { cmdbId: 'S-9', code: 'report-api', name: '报表接口(故意一半未就绪)', project: 'P-3', owner: '何静' },
  { cmdbId: 'S-10', code: 'apply-api', name: '进件接口', project: 'P-4', owner: '何静' },
  { cmdbId: 'S-11', code: 'campaign-web', name: '活动页', project: 'P-4', owner: '何静' },
  { cmdbId: 'S-12', code: 'contract-api', name: '合同接口', project: 'P-4', owner: '何静' },
  { cmdbId: 'S-13', code: 'score-api', name: '评分接口', project: 'P-5', owner: '何静' },
  { cmdbId: 'S-14', code: 'notify-worker', name: '通知任务', project: 'P-6', owner: '周航' },
];

/** Under this name its CMDB pushes. */
export const sampleSource = 'sample';
const source = { source: sampleSource, sample: true };

/** The first two projects of the company. Its version is lower than the others', so that a full sample may follow. */
export const smallSnapshot = {
  ...source,
  version: 1,
  businessLines: businessLines.slice(0, 2),
  projects: projects.slice(0, 2),
  services: services.filter(({ project }) => project === 'P-1' || project === 'P-2'),
};

export const firstSnapshot = { ...source, version: 2, businessLines, projects, services };

/** The next day: a code that nobody may have, and a service that runs but is not in the CMDB any more. */
export const nextSnapshot = {
  ...source,
  version: 3,
  businessLines,
  projects,
  services: [
    ...services.filter(({ code }) => code !== 'product-site'),
    { cmdbId: 'S-15', code: 'kube-console', name: '容器控制台', project: 'P-6', owner: '周航' },
  ],
};

/** The same snapshot, newer than everything that was pushed before its sample was removed and restored so often. */
export function ofRound<Snapshot extends { version: number }>(snapshot: Snapshot, round: number): Snapshot {
  return { ...snapshot, version: snapshot.version + 10 * round };
}

export type PersonName = '陈敏' | '周航' | '林晓' | '何静' | '吴涛';

/** Who works there, with which roles. */
export const people = [
  { name: '陈敏', username: 'chenmin', bindings: [{ role: 'platform-admin', scope: 'platform' }] },
  { name: '周航', username: 'zhouhang', bindings: [{ role: 'operator', scope: 'platform' }] },
  { name: '林晓', username: 'linxiao', bindings: [{ role: 'developer', scope: 'tenant:wealth' }] },
  {
    name: '何静',
    username: 'hejing',
    bindings: businessLines.map(({ code }) => ({ role: 'maintainer', scope: `tenant:${code}` })),
  },
  { name: '吴涛', username: 'wutao', bindings: [{ role: 'auditor', scope: 'platform' }] },
] as const satisfies readonly { name: PersonName; username: string; bindings: readonly object[] }[];
