import type { CatalogService, Project } from '@berth/api';

const line = (code: string, name: string) => ({ code, name });
const project = (slug: string, name: string, businessLine: { code: string; name: string }): Project => ({
  slug,
  code: slug,
  name,
  businessLine,
  cmdbId: `cmdb-${slug}`,
  retired: false,
  allowsUnregistered: true,
  services: 4,
});
export const projects = [
  project('wealth', '财富平台', line('wm', '财富')),
  project('wealth-quote', '行情', line('wm', '财富')),
  project('pay', '支付核心', line('pay', '支付')),
  project('loan', '普惠贷款', line('loan', '普惠')),
];
export const catalog: CatalogService[] = ['fund-detail', 'risk-rule', 'settle-batch'].map((code) => ({
  project: 'wealth',
  code,
  name: `${code} 服务`,
  cmdbId: `cmdb-${code}`,
  owner: '林晓',
  retired: false,
}));
