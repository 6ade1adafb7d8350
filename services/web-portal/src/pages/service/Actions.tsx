import { MoreOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { ActionDialog, type ActionName } from './ActionDialog.js';
import { CopyToProduction } from './CopyToProduction.js';
import { ReasonedButton } from './ReasonedButton.js';
import { isStopped, reasonAgainst, type PageAction } from './reasons.js';
import { SplitDialog } from './SplitDialog.js';

/** What may be done with a service; what may not be done now is off, with the reason in its title. */
export function Actions({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const may = useMay();
  const navigate = useNavigate();
  const [open, setOpen] = useState<ActionName | 'copy' | 'split' | null>(null);
  const here = { project: place.project, environment: place.environment };
  const stopped = isStopped(service);
  const tab = (name: string) =>
    void navigate({
      to: '/p/$project/$env/services/$code/$tab',
      params: { project: place.project, env: place.environment, code: place.service, tab: name },
      search: {},
    });
  const reason = (action: PageAction) => {
    const code = reasonAgainst(action, service);
    return code && t(code);
  };
  const button = (action: PageAction) => ({
    label: t(`action.${action}`),
    reason: reason(action),
    testId: `action-${action}`,
  });
  const mayPause = may('service.pause', here);
  const menu: readonly { readonly action: ActionName | 'split'; readonly shown: boolean }[] = [
    { action: 'split', shown: may('service.scale', here) && service.placement !== null },
    { action: 'restart', shown: may('service.restart', here) },
    { action: 'stop', shown: may('service.startStop', here) && !stopped },
    { action: 'pause', shown: mayPause && !service.paused && service.uid !== null },
    { action: 'resume', shown: mayPause && service.paused },
    { action: 'delete', shown: may('service.delete', here) },
  ];
  const rest = menu.flatMap(({ action, shown }) => (shown ? [menuItem(button(action), action)] : []));
  const copy =
    place.environment === 'prod' || !service.spec ? [] : [menuItem({ ...copyButton(t, place, may) }, 'copy')];
  return (
    <div className="row actions">
      {may('service.startStop', here) && stopped && (
        <ReasonedButton type="primary" onClick={() => setOpen('start')} {...button('start')} />
      )}
      {may('service.deploy', here) && (
        <ReasonedButton type={stopped ? 'default' : 'primary'} onClick={() => tab('settings')} {...button('upgrade')} />
      )}
      {may('service.scale', here) && <ReasonedButton onClick={() => setOpen('scale')} {...button('scale')} />}
      {may('service.rollback', here) && <ReasonedButton onClick={() => tab('releases')} {...button('rollback')} />}
      {rest.length + copy.length > 0 && (
        <Dropdown
          trigger={['click']}
          // The menu takes the arrows at once, also when the keyboard opened it.
          autoFocus
          // The button stands at the right edge: to the left there is room in every language.
          placement="bottomRight"
          menu={{
            items: [...copy, ...rest],
            onClick: ({ key, domEvent }) => {
              // Else the same Enter presses the button that the dialog gives the focus to: its cross.
              domEvent.preventDefault();
              setOpen(key as ActionName | 'copy' | 'split');
            },
          }}
        >
          <Button icon={<MoreOutlined />} aria-label={t('action.more')} data-testid="action-more" />
        </Dropdown>
      )}
      {open === 'copy' && <CopyToProduction place={place} service={service} onClose={() => setOpen(null)} />}
      {open === 'split' && <SplitDialog place={place} service={service} onClose={() => setOpen(null)} />}
      {open && open !== 'copy' && open !== 'split' && (
        <ActionDialog action={open} place={place} service={service} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}

/** To production only by who may deploy there. */
function copyButton(t: ReturnType<typeof useT>, place: ServicePlace, may: ReturnType<typeof useMay>) {
  const mayDeploy = may('service.deploy', { project: place.project, environment: 'prod' });
  const reason = mayDeploy ? null : t('common.noRight', { right: t('right.service.deploy') });
  return { label: t('action.copy'), reason, testId: 'action-copy' };
}

/** An entry of the menu; one that is off has its reason under it. */
function menuItem({ label, reason, testId }: { label: string; reason: string | null; testId: string }, key: string) {
  return {
    key,
    danger: key === 'delete',
    disabled: reason !== null,
    label: (
      <span data-testid={testId} className="menu-entry">
        {label}
        {reason && <span className="faint menu-reason">{reason}</span>}
      </span>
    ),
  };
}
