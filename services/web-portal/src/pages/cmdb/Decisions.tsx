import { useInfiniteQuery } from '@tanstack/react-query';
import { useT } from '../../i18n/index.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark } from '../../ui/Mark.js';
import { Clock } from '../../ui/Time.js';
import { More } from './More.js';
import { vanishedQuery } from './queries.js';

/** What became of rows that waited: who decided what, when and why; or how it ended by itself. */
export function Decisions({ search }: { search: string }) {
  const t = useT();
  const query = useInfiniteQuery(vanishedQuery('decided', search));
  return (
    <>
      <Loaded query={query} rows={4}>
        {({ pages }) => {
          const rows = pages.flatMap(({ items }) => items);
          if (rows.length === 0) return <Empty title={t('cmdb.none.decided')} />;
          return (
            <div className="scroll-x" tabIndex={0} role="group" aria-label={t('cmdbVanishedTab.decided')}>
              <table className="plain" data-testid="decisions">
                <thead>
                  <tr>
                    <th scope="col">{t('cmdb.result')}</th>
                    <th scope="col">{t('cmdb.decisionOn')}</th>
                    <th scope="col">{t('cmdb.decidedBy')}</th>
                    <th scope="col">{t('deploy.cause')}</th>
                    <th scope="col">{t('cmdb.at')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <tr key={row.id} data-testid={`decided-${row.key}`}>
                      <td className="nowrap">
                        <Mark tone={row.state === 'retired' ? 'warn' : 'off'} state={row.state}>
                          {t(`cmdbVanished.${row.state}`)}
                        </Mark>
                        {row.state === 'kept' && row.keptUntil && (
                          <div className="faint">
                            {t('cmdb.keptUntil')} <Clock at={row.keptUntil} />
                          </div>
                        )}
                      </td>
                      <td>
                        <b>{row.name}</b> <span className="mono faint">{row.key}</span>{' '}
                        <span className="faint">
                          {row.source} {t('cmdb.version', { version: row.version })}
                        </span>
                      </td>
                      <td>{row.decidedBy ?? <span className="faint">{t('cmdb.byItself')}</span>}</td>
                      <td>{row.cause ?? '–'}</td>
                      <td className="faint nowrap">
                        <Clock at={row.closedAt ?? row.decidedAt ?? row.since} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
      <More query={query} />
    </>
  );
}
