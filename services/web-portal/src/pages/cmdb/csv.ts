import type { CmdbMapping } from '@berth/api';

const head = [
  'businessLine',
  'costCentre',
  'project',
  'service',
  'name',
  'link',
  'cmdbId',
  'environment',
  'cluster',
  'ready',
  'desired',
];

/** One line a service, environment and cluster, as spreadsheets read it: UTF-8 with its mark, and no cell is a formula. */
export function csvOf(rows: readonly CmdbMapping[]): string {
  const lines = rows.flatMap((row) => {
    const common = [
      row.businessLine?.name,
      row.costCentre,
      row.project,
      row.code,
      row.name,
      row.link,
      row.cmdb?.cmdbId,
    ];
    const places = row.environments.flatMap(({ environment, clusters }) =>
      clusters.map(({ cluster, ready, desired }) => [environment, cluster, ready, desired]),
    );
    return (places.length > 0 ? places : [[]]).map((place) => [...common, ...place]);
  });
  return `\ufeff${[head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
