import type { ServiceWithEtag } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Panel } from '../../ui/Field.js';
import { Mark } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';

/** What others changed in a cluster: who, what was wanted and what was found, and what became of it. */
export function ExternalChanges({ service }: { service: ServiceWithEtag }) {
  const t = useT();
  const nameOf = useClusterNames();
  return (
    <Panel title={t('overview.external')} testId="external-changes">
      <div className="scroll-x">
        <table className="plain flush">
          <thead>
            <tr>
              {(['cluster', 'what', 'desired', 'observed', 'manager', 'when', 'state'] as const).map((name) => (
                <th key={name} scope="col">
                  {t(`external.column.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {service.externalChanges.map((row) => (
              <tr key={`${row.cluster}${row.field}${row.manager}${row.observed}${row.at}`}>
                <td className="nowrap">{nameOf(row.cluster)}</td>
                <td className="nowrap">{t(`external.${row.field}`)}</td>
                <td className="mono">{row.desired ?? '–'}</td>
                <td className="mono">{row.observed ?? '–'}</td>
                <td className="mono">{row.manager}</td>
                <td className="nowrap faint">
                  <Ago at={row.at} /> {row.count > 1 && <b className="num">×{row.count}</b>}
                </td>
                <td className="nowrap">
                  <Mark tone={row.corrected ? 'ok' : 'warn'}>
                    {t(
                      row.corrected ? 'overview.corrected' : service.paused ? 'overview.kept' : 'overview.notCorrected',
                    )}
                  </Mark>{' '}
                  {row.correctedAt && (
                    <span className="faint">
                      <Ago at={row.correctedAt} />
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
