import type { CmdbSource } from '@berth/api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Loaded } from '../../ui/Loaded.js';
import { Ago } from '../../ui/Time.js';
import { sourcesQuery } from './queries.js';
import { SampleDialog } from './SampleDialog.js';

/** The systems that push, with what they name; a sample can go and come back as a whole. */
export function Sources() {
  const t = useT();
  const may = useMay();
  const query = useQuery(sourcesQuery);
  const [asked, setAsked] = useState<CmdbSource | null>(null);
  return (
    <div className="sources" data-testid="sources">
      <Loaded query={query} rows={1}>
        {({ items }) => (
          <div className="row">
            {items.map((source) => (
              <span key={source.source} className="source" data-testid={`source-${source.source}`}>
                <b>{source.source}</b>
                {source.sample && <span className="tag">{t('cmdb.sample')}</span>}
                {source.removed && <span className="tag tag-warn">{t('cmdb.removed')}</span>}
                <span className="faint">
                  {t('cmdb.holds', { projects: source.projects, services: source.services })}
                  {source.pushedAt && (
                    <>
                      {' '}
                      · <Ago at={source.pushedAt} />
                    </>
                  )}
                </span>
                {source.sample && may('cmdb.manage') && (
                  <Button size="small" onClick={() => setAsked(source)} data-testid="change-sample">
                    {t(source.removed ? 'operationKind.cmdb.restore' : 'operationKind.cmdb.remove')}
                  </Button>
                )}
              </span>
            ))}
          </div>
        )}
      </Loaded>
      {asked && <SampleDialog source={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}
