import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Tabs } from 'antd';
import { useState } from 'react';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { useTitle } from '../../ui/useTitle.js';
import { TokenDialog } from '../admin/TokenDialog.js';
import { Mappings } from './Mappings.js';
import { Pushes } from './Pushes.js';
import { sourcesQuery } from './queries.js';
import { Sources } from './Sources.js';
import { TryDialog } from './TryDialog.js';
import { Vanished } from './Vanished.js';
import './cmdb.css';

/** What the CMDB pushed, what waits for somebody, and how the two sides belong together. */
export function CmdbPage() {
  const t = useT();
  const may = useMay();
  const { tab = 'pushes' } = useSearch({ from: '/inside/admin/cmdb' });
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'token' | 'try' | null>(null);
  const sources = useQuery(sourcesQuery);
  const waiting = sources.data?.items.reduce((sum, source) => sum + source.waiting, 0) ?? 0;
  useTitle(t('menu.cmdb'));
  return (
    <>
      <header className="page-head">
        <h1>{t('menu.cmdb')}</h1>
        <span className="sub">{t('cmdb.intro')}</span>
        <span className="grow" />
        {may('cmdb.manage') && (
          <Button onClick={() => setDialog('try')} data-testid="try-push">
            {t('cmdb.try')}
          </Button>
        )}
        {may('member.manage') && (
          <Button onClick={() => setDialog('token')} data-testid="add-token">
            {t('token.add')}
          </Button>
        )}
      </header>
      <Sources />
      <Tabs
        activeKey={tab}
        onChange={(next) =>
          void navigate({
            to: '/admin/cmdb',
            search: { tab: next as 'pushes' | 'vanished' | 'mapping' },
            replace: true,
          })
        }
        items={[
          { key: 'pushes', label: t('cmdb.pushes'), children: <Pushes /> },
          { key: 'vanished', label: `${t('cmdb.vanished')}${waiting ? ` ${waiting}` : ''}`, children: <Vanished /> },
          { key: 'mapping', label: t('cmdb.mapping'), children: <Mappings /> },
        ]}
      />
      {dialog === 'token' && <TokenDialog onClose={() => setDialog(null)} />}
      {dialog === 'try' && <TryDialog onClose={() => setDialog(null)} />}
    </>
  );
}
