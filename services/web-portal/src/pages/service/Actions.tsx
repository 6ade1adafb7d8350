import { MoreOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useNavigate } from '@tanstack/react-router';
import { useT } from '../../i18n/index.js';
import { ActionDialog, type ActionName } from './ActionDialog.js';

/** What may be done with a service; what may not be done now is off, with the reason in its title. */
export function Actions({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const [open, setOpen] = useState<ActionName | null>(null);
  const here = { project: place.project, environment: place.environment };
  const stopped = service.placement?.stopped ?? service.state === 'stopped';
  const deleting = service.state === 'deleting';
  const tab = (name: string) =>
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project: place.project, env: place.environment, code: place.service, tab: name },
      search: {},
    });
  const rest = [
    ...(may('service.restart', here)
      ? [{ key: 'restart', label: t('action.restart'), disabled: stopped || deleting }]
      : []),
    ...(may('service.startStop', here) && !stopped
      ? [{ key: 'stop', label: t('action.stop'), disabled: deleting }]
      : []),
    ...(may('service.pause', here) && !service.paused && service.uid
      ? [{ key: 'pause', label: t('action.pause'), disabled: deleting }]
      : []),
    ...(may('service.pause', here) && service.paused
      ? [{ key: 'resume', label: t('action.resume'), disabled: deleting }]
      : []),
    ...(may('service.delete', here)
      ? [{ key: 'delete', label: t('action.delete'), danger: true, disabled: deleting }]
      : []),
  ];
  return (
    <div className="row actions">
      {may('service.startStop', here) && stopped && (
        <Button type="primary" onClick={() => setOpen('start')} disabled={deleting} data-testid="action-start">
          {t('action.start')}
        </Button>
      )}
      {may('service.deploy', here) && (
        <Button
          type={stopped ? 'default' : 'primary'}
          onClick={() => tab('settings')}
          disabled={deleting}
          data-testid="action-upgrade"
        >
          {t('action.upgrade')}
        </Button>
      )}
      {may('service.scale', here) && (
        <Button onClick={() => setOpen('scale')} disabled={deleting || stopped} data-testid="action-scale">
          {t('action.scale')}
        </Button>
      )}
      {may('service.rollback', here) && (
        <Button
          onClick={() => tab('releases')}
          disabled={deleting || (service.release ?? 0) < 2}
          data-testid="action-rollback"
        >
          {t('action.rollback')}
        </Button>
      )}
      {rest.length > 0 && (
        <Dropdown
          trigger={['click']}
          // The button stands at the right edge: to the left there is room in every language.
          placement="bottomRight"
          menu={{
            items: rest.map((item) => ({
              ...item,
              label: <span data-testid={`action-${item.key}`}>{item.label}</span>,
            })),
            onClick: ({ key }) => setOpen(key as ActionName),
          }}
        >
          <Button icon={<MoreOutlined />} aria-label={t('action.more')} data-testid="action-more" />
        </Dropdown>
      )}
      {open && <ActionDialog action={open} place={place} service={service} onClose={() => setOpen(null)} />}
    </div>
  );
}
