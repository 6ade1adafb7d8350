import { Modal } from 'antd';
import type { KeyboardEvent, ReactNode } from 'react';
import { useT } from '../i18n/index.js';
import { EnvironmentTag } from './Mark.js';

interface Props {
  readonly title: string;
  /** Marks the dialog of something in an environment; production stands out. */
  readonly environment?: string;
  readonly okText: string;
  /** For the button that changes nothing, where 取消 would say something else. */
  readonly keepText?: string;
  readonly danger?: boolean;
  readonly blocked?: boolean;
  readonly busy: boolean;
  readonly width?: number;
  readonly testId: string;
  readonly onOk: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The one dialog of the portal: what it is about, its contents, and the button named after what it does. */
export function Dialog({
  title,
  environment,
  okText,
  keepText,
  danger,
  blocked,
  busy,
  width = 520,
  testId,
  onOk,
  onClose,
  children,
}: Props) {
  const t = useT();
  /** Enter in a field sends, as in any form; a list that is open takes it for its own choice. */
  const sendByEnter = (event: KeyboardEvent<HTMLElement>) => {
    const field = event.target as HTMLElement;
    const isChoosing = field.getAttribute('aria-expanded') === 'true' || event.nativeEvent.isComposing;
    if (event.key !== 'Enter' || field.tagName !== 'INPUT' || isChoosing || blocked || busy) return;
    event.preventDefault();
    onOk();
  };
  return (
    <Modal
      open
      width={width}
      title={
        <span className="row">
          {title} {environment && <EnvironmentTag environment={environment} />}
        </span>
      }
      onCancel={onClose}
      onOk={onOk}
      okText={okText}
      cancelText={keepText ?? t('common.cancel')}
      okButtonProps={{ danger: danger ?? false, disabled: blocked ?? false, loading: busy, 'data-testid': 'dialog-ok' }}
    >
      <div data-testid={testId} onKeyDown={sendByEnter}>
        {children}
      </div>
    </Modal>
  );
}
