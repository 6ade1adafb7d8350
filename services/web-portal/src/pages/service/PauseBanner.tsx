import { Button } from 'antd';
import { useState } from 'react';
import type { ServicePlace, ServiceWithEtag } from '../../api/queries.js';
import { useMay } from '../../app/session.js';
import { useT } from '../../i18n/index.js';
import { Shape } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { ActionDialog } from './ActionDialog.js';

/** A paused service says so on every one of its pages: who, when, why, what that means, and the way back. */
export function PauseBanner({ place, service }: { place: ServicePlace; service: ServiceWithEtag }) {
  const t = useT();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (!service.pause) return null;
  const { actor, at, cause } = service.pause;
  return (
    <div className="note note-warn pause-banner" role="status" data-testid="pause-banner">
      <Shape tone="warn" />
      <span>
        <b>{t('pause.title')}</b> {actor.name} · <Ago at={at} />
        {cause && ` · ${cause}`}
        <br />
        <span className="soft">{t('pause.text')}</span>
      </span>
      <span className="grow" />
      {may('service.pause', place) && (
        <Button type="primary" onClick={() => setOpen(true)} data-testid="pause-resume">
          {t('action.resume')}
        </Button>
      )}
      {isOpen && <ActionDialog action="resume" place={place} service={service} onClose={() => setOpen(false)} />}
    </div>
  );
}
