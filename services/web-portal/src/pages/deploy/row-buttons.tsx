import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useT } from '../../i18n/index.js';

export function Remove({ onClick }: { onClick(): void }) {
  const t = useT();
  return <Button type="text" icon={<DeleteOutlined />} aria-label={t('common.remove')} onClick={onClick} />;
}

export function Add({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <Button size="small" type="text" icon={<PlusOutlined />} onClick={onClick}>
      {label}
    </Button>
  );
}
