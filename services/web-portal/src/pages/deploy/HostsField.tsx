import { Input } from 'antd';
import { useState } from 'react';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { AddRows } from './AddRows.js';
import { errorText, type SpecFieldProps } from './fields.js';
import { isEmptyHost, parseHosts, withHosts, type HostDraft } from './hosts.js';
import { Remove } from './row-buttons.js';

/** Names with a fixed address (域名解析), by hand or from pasted lines of /etc/hosts. */
export function HostsField({ spec, change, errors }: SpecFieldProps) {
  const t = useT();
  const [badLines, setBadLines] = useState<readonly number[]>([]);
  const rows = spec.hostAliases;
  const set = (index: number, part: Partial<HostDraft>) =>
    change({ hostAliases: rows.map((row, at) => (at === index ? { ...row, ...part } : row)) });
  const take = (text: string) => {
    const parsed = parseHosts(text);
    change({ hostAliases: parsed.rows.reduce<readonly HostDraft[]>(withHosts, rows) });
    setBadLines(parsed.badLines);
  };
  const paths = Object.keys(errors).filter((name) => name.startsWith('spec.hostAliases'));
  // Rows without anything are not sent, so a path counts without them.
  const sent = rows.filter((row) => !isEmptyHost(row));
  const status = (row: HostDraft, part: 'ip' | 'hostnames') =>
    paths.some((path) => path.startsWith(`spec.hostAliases.${sent.indexOf(row)}.${part}`)) ? 'error' : '';
  const hint = badLines.length > 0 ? t('deploy.badLines', { lines: badLines.join(', ') }) : t('deploy.hostsHint');
  return (
    <Field label={t('deploy.hosts')} error={paths[0] ? errorText(t, errors, paths[0]) : null} hint={hint}>
      {(ids) => (
        <div className="lines" id={ids.id} data-edit="hostAliases">
          {rows.map((row, index) => (
            <div className="row variable" key={index}>
              <Input
                className="mono"
                aria-label={t('deploy.hostAddress')}
                style={{ width: 200 }}
                status={status(row, 'ip')}
                aria-invalid={status(row, 'ip') !== ''}
                placeholder="10.2.0.15"
                value={row.ip}
                onChange={(event) => set(index, { ip: event.target.value })}
              />
              <Input
                className="mono"
                aria-label={t('deploy.hostNames', { ip: row.ip || '…' })}
                style={{ flex: 1 }}
                status={status(row, 'hostnames')}
                aria-invalid={status(row, 'hostnames') !== ''}
                placeholder="pay.partner.example pay"
                value={row.names}
                onChange={(event) => set(index, { names: event.target.value })}
              />
              <Remove onClick={() => change({ hostAliases: rows.filter((_, at) => at !== index) })} />
            </div>
          ))}
          <AddRows
            addLabel={t('deploy.addHost')}
            onAdd={() => change({ hostAliases: [...rows, { ip: '', names: '' }] })}
            pasteLabel={t('deploy.pasteHosts')}
            example={'10.2.0.15  pay.partner.example pay\n10.2.0.16  ledger.partner.example'}
            lines={4}
            onPaste={take}
          />
        </div>
      )}
    </Field>
  );
}
