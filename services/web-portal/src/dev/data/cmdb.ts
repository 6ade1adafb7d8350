import type {
  CmdbCounts,
  CmdbLine,
  CmdbMapping,
  CmdbPush,
  CmdbPushRow,
  CmdbRejected,
  CmdbSource,
  CmdbSourceService,
  CmdbVanished,
} from '@berth/api';
import { ago, minute, uuid } from './basics.js';

const hour = 60 * minute;
const none: CmdbCounts = {
  ...{ created: 0, updated: 0, renamed: 0, moved: 0, retired: 0, restored: 0 },
  ...{ waiting: 0, unchanged: 0, rejected: 0 },
};
const counts = (some: Partial<CmdbCounts>): CmdbCounts => ({ ...none, ...some });
const push = (given: Partial<CmdbPush>): CmdbPush => ({
  id: uuid(),
  source: 'cmdb',
  version: 1,
  mode: 'full',
  baseVersion: null,
  sample: false,
  dryRun: false,
  by: '公司 CMDB',
  at: ago(minute),
  durationMs: 84,
  result: 'applied',
  counts: { businessLines: none, projects: none, services: none },
  approval: null,
  rowsLeftOut: 0,
  ...given,
});

export const pushes: CmdbPush[] = [
  push({
    version: 812,
    mode: 'delta',
    baseVersion: 811,
    at: ago(3 * minute),
    counts: {
      businessLines: counts({ unchanged: 4 }),
      projects: counts({ unchanged: 6, renamed: 1 }),
      services: counts({ created: 2, updated: 1, renamed: 1, moved: 1, waiting: 1, unchanged: 9, rejected: 2 }),
    },
  }),
  push({
    version: 811,
    at: ago(2 * hour),
    durationMs: 4120,
    counts: {
      businessLines: counts({ unchanged: 4 }),
      projects: counts({ unchanged: 2, waiting: 4 }),
      services: counts({ unchanged: 31, waiting: 86, retired: 2 }),
    },
    approval: { state: 'waiting', rows: 90, of: 128, by: null, at: null, cause: null },
  }),
  push({
    version: 811,
    at: ago(2 * hour + 5 * minute),
    dryRun: true,
    by: '陈敏',
    result: 'dry_run',
    counts: {
      businessLines: counts({ unchanged: 4 }),
      projects: counts({ unchanged: 6 }),
      services: counts({ unchanged: 31, waiting: 86, retired: 2 }),
    },
  }),
  push({
    source: 'sample',
    sample: true,
    version: 2,
    at: ago(26 * hour),
    durationMs: 31,
    result: 'unchanged',
    by: '样例 CMDB',
    counts: {
      businessLines: counts({ unchanged: 4 }),
      projects: counts({ unchanged: 6 }),
      services: counts({ unchanged: 14 }),
    },
  }),
  push({ version: 809, at: ago(27 * hour), result: 'older', durationMs: 12 }),
];

const rejected = (given: Partial<CmdbRejected>): CmdbPushRow => ({
  kind: 'service',
  change: 'reject',
  cmdbId: given.cmdbId ?? null,
  key: null,
  name: null,
  fields: [],
  rejected: {
    ...{ kind: 'service', cmdbId: null, index: 0, field: 'code', code: 'missing', value: null, params: {} },
    reason: '',
    ...given,
  },
});
const row = (given: Partial<CmdbPushRow>): CmdbPushRow => ({
  ...{ kind: 'service', change: 'update', cmdbId: 'svc-1', key: null, name: null, fields: [], rejected: null },
  ...given,
});
export const pushRows: CmdbPushRow[] = [
  rejected({ cmdbId: 'svc-77', index: 14, code: 'reserved_code', value: 'kube-proxy-ui' }),
  rejected({
    cmdbId: 'svc-78',
    index: 15,
    code: 'too_long',
    field: 'name',
    value: '超长名称'.repeat(20),
    params: { max: 200 },
  }),
  row({ change: 'wait', cmdbId: 'svc-1004', key: 'wealth/quote-push', name: '行情推送(故意反复重启)' }),
  row({
    change: 'move',
    cmdbId: 'svc-1011',
    key: 'pay/settle-batch',
    name: '清算批处理',
    fields: [{ field: 'project', before: 'wealth', after: 'pay' }],
  }),
  row({
    change: 'rename',
    kind: 'project',
    cmdbId: 'P-3',
    key: 'wealth-quote',
    name: '行情中心',
    fields: [{ field: 'name', before: '行情', after: '行情中心' }],
  }),
  row({
    change: 'rename',
    cmdbId: 'svc-1002',
    key: 'wealth/fund-detail',
    name: '基金详情',
    fields: [
      { field: 'code', before: 'fund-info', after: 'fund-detail' },
      { field: 'name', before: '基金信息', after: '基金详情' },
    ],
  }),
  row({
    cmdbId: 'svc-1003',
    key: 'wealth/risk-rule',
    name: '风控规则',
    fields: [{ field: 'owner', before: '林晓', after: null }],
  }),
  ...['loan-web', 'loan-api'].map((code, index) =>
    row({
      change: 'create',
      cmdbId: `svc-12${index}`,
      key: `loan/${code}`,
      name: code,
      fields: [
        { field: 'project', before: null, after: 'loan' },
        { field: 'code', before: null, after: code },
        { field: 'name', before: null, after: code },
        { field: 'owner', before: null, after: '何静' },
      ],
    }),
  ),
];

export const vanished: CmdbVanished[] = [
  {
    ...{ id: uuid(), kind: 'service', source: 'cmdb', cmdbId: 'svc-1004', key: 'wealth/quote-push', reason: 'runs' },
    ...{ name: '行情推送(故意反复重启)', state: 'waiting', push: pushes[0]?.id ?? '', version: 812 },
    ...{
      since: ago(3 * minute),
      nowAt: null,
      keptUntil: null,
      decidedBy: null,
      decidedAt: null,
      cause: null,
      closedAt: null,
    },
    running: [
      {
        ...{ service: 'quote-push', environment: 'prod', state: 'degraded', desired: 4, ready: 3 },
        clusters: [
          { cluster: 'beijing', desired: 2, ready: 2 },
          { cluster: 'shanghai', desired: 2, ready: 1 },
        ],
      },
      {
        ...{ service: 'quote-push', environment: 'test', state: 'running', desired: 1, ready: 1 },
        clusters: [{ cluster: 'beijing', desired: 1, ready: 1 }],
      },
    ],
  },
  {
    ...{ id: uuid(), kind: 'service', source: 'cmdb', cmdbId: 'svc-1011', key: 'wealth/settle-batch', reason: 'runs' },
    ...{ name: '清算批处理', state: 'waiting', push: pushes[0]?.id ?? '', version: 812, nowAt: 'pay/settle-batch' },
    ...{ since: ago(3 * minute), keptUntil: null, decidedBy: null, decidedAt: null, cause: null, closedAt: null },
    running: [
      {
        ...{ service: 'settle-batch', environment: 'prod', state: 'running', desired: 1, ready: 1 },
        clusters: [{ cluster: 'shanghai', desired: 1, ready: 1 }],
      },
    ],
  },
  {
    ...{ id: uuid(), kind: 'project', source: 'cmdb', cmdbId: 'P-9', key: 'legacy', reason: 'runs', name: '旧报表' },
    ...{ state: 'kept', push: pushes[1]?.id ?? '', version: 811, since: ago(30 * hour), nowAt: null },
    ...{
      keptUntil: ago(-72 * hour),
      decidedBy: '陈敏',
      decidedAt: ago(29 * hour),
      cause: 'CMDB 正在补录,周五前完成',
      closedAt: null,
    },
    running: [
      {
        ...{ service: 'report-api', environment: 'prod', state: 'running', desired: 2, ready: 2 },
        clusters: [{ cluster: 'beijing', desired: 2, ready: 2 }],
      },
    ],
  },
];

const openRow = (index: number): CmdbVanished => ({
  ...{ id: uuid(), kind: 'service', source: 'cmdb', cmdbId: `svc-old-${index}`, reason: 'large', state: 'waiting' },
  ...{
    key: `legacy-${Math.floor(index / 90)}/job-${index % 90}`,
    name: `旧任务 ${index}`,
    push: pushes[1]?.id ?? '',
    version: 811,
  },
  ...{
    since: ago(8 * 24 * hour),
    nowAt: null,
    keptUntil: ago(24 * hour),
    decidedBy: '陈敏',
    decidedAt: ago(8 * 24 * hour),
  },
  ...{ cause: '快照不完整', closedAt: null, running: [] },
});
/** What a large retirement leaves a week after it was rejected. */
export const manyVanished: CmdbVanished[] = Array.from({ length: 640 }, (_, index) => openRow(index));

const decided = (given: Partial<CmdbVanished>): CmdbVanished => ({
  ...{ id: uuid(), kind: 'service', source: 'cmdb', cmdbId: 'svc-900', key: 'wealth/old-quote', reason: 'runs' },
  ...{ name: '旧行情', state: 'retired', push: pushes[1]?.id ?? '', version: 809, since: ago(30 * hour), nowAt: null },
  ...{
    keptUntil: null,
    decidedBy: '陈敏',
    decidedAt: ago(26 * hour),
    cause: '业务已确认下线',
    closedAt: ago(26 * hour),
  },
  running: [],
  ...given,
});
export const decisions: CmdbVanished[] = [
  decided({}),
  decided({
    ...{ key: 'legacy', name: '旧报表', kind: 'project', state: 'kept', closedAt: null },
    ...{ keptUntil: ago(-72 * hour), decidedAt: ago(29 * hour), cause: 'CMDB 正在补录,周五前完成' },
  }),
  decided({ ...{ key: 'pay/refund', name: '退款', state: 'returned', decidedBy: null, decidedAt: null, cause: null } }),
  decided({ ...{ key: 'pay/notify', name: '通知', state: 'gone', decidedBy: null, decidedAt: null, cause: null } }),
];

export const sources: CmdbSource[] = [
  {
    ...{ source: 'cmdb', version: 812, sample: false, removed: false, pushedAt: ago(3 * minute) },
    ...{ businessLines: 4, projects: 6, services: 37, waiting: 2, approvals: 1, restores: 0 },
  },
  {
    ...{ source: 'sample', version: 2, sample: true, removed: false, pushedAt: ago(26 * hour) },
    ...{ businessLines: 4, projects: 6, services: 14, waiting: 0, approvals: 0, restores: 0 },
  },
];

const goes = (given: Partial<CmdbSourceService>): CmdbSourceService => ({
  ...{
    project: 'wealth',
    code: 'sample-web',
    name: '首页',
    environment: 'test',
    state: 'running',
    desired: 2,
    ready: 2,
  },
  ...{ production: given.environment === 'prod', named: true },
  clusters: [
    { cluster: 'beijing', desired: 1, ready: 1 },
    { cluster: 'shanghai', desired: 1, ready: 1 },
  ],
  ...given,
});
export const sourceServices: CmdbSourceService[] = [
  goes({ environment: 'prod' }),
  goes({ environment: 'prod', project: 'pay', code: 'cashier', name: '收银台' }),
  goes({}),
  goes({ project: 'pay', code: 'settle-batch', name: '清算批处理' }),
  goes({ code: 'my-first', name: '我的第一个服务', named: false }),
  goes({ code: 'quote-push', name: '行情推送(故意反复重启)', state: 'deploy_failed', ready: 0 }),
];

export const lines: CmdbLine[] = [
  {
    ...{ source: 'cmdb', cmdbId: 'BL-1', code: 'wealth', name: '财富', retired: false, projects: 3 },
    ...{ costCentre: 'CC-1001', costCentreFrom: 'cmdb', changedBy: null },
  },
  {
    ...{ source: 'cmdb', cmdbId: 'BL-2', code: 'payment', name: '支付', retired: false, projects: 2 },
    ...{ costCentre: 'CC-2040', costCentreFrom: 'here', changedBy: '陈敏' },
  },
  {
    ...{ source: 'cmdb', cmdbId: 'BL-3', code: 'inclusive', name: '普惠', retired: false, projects: 1 },
    ...{ costCentre: null, costCentreFrom: null, changedBy: null },
  },
];

const mapping = (project: string, code: string, name: string, given: Partial<CmdbMapping> = {}): CmdbMapping => ({
  ...{ project, code, name, businessLine: { code: 'wealth', name: '财富' }, costCentre: 'CC-1001' },
  ...{ link: 'code', linkedBy: null, suggestions: [], linked: [] },
  cmdb: { source: 'cmdb', cmdbId: `svc-${code}`, project, code, name, owner: '林晓', retired: false },
  environments: [
    {
      ...{ environment: 'prod', state: 'running', desired: 4, ready: 4 },
      clusters: [
        { cluster: 'beijing', desired: 2, ready: 2 },
        { cluster: 'shanghai', desired: 2, ready: 2 },
      ],
    },
  ],
  ...given,
});
export const mappings: CmdbMapping[] = [
  mapping('wealth', 'sample-web', '首页'),
  mapping('wealth', 'quote-push', '行情推送(故意反复重启)'),
  mapping('wealth', 'fund-detail', '基金详情', { environments: [] }),
  mapping('wealth', 'ops-tools', '运维小工具', {
    link: 'none',
    cmdb: null,
    suggestions: [
      {
        source: 'cmdb',
        cmdbId: 'svc-2001',
        project: 'pay',
        code: 'ops-tools',
        name: '运维工具',
        owner: '何静',
        retired: false,
      },
    ],
  }),
  mapping('pay', 'cashier2', '收银台二期', {
    link: 'hand',
    linkedBy: '陈敏',
    businessLine: { code: 'payment', name: '支付' },
    costCentre: 'CC-2040',
    cmdb: {
      source: 'cmdb',
      cmdbId: 'svc-3001',
      project: 'pay',
      code: 'cashier',
      name: '收银台',
      owner: '何静',
      retired: false,
    },
  }),
];
