import type { EnvironmentName, ResolvedImage } from '@berth/contracts';
import { useT } from '../../i18n/index.js';
import { Shape } from '../../ui/Mark.js';
import type { SpecDraft } from './draft.js';
import { warningsOf } from './warnings.js';

interface Props {
  readonly spec: SpecDraft;
  readonly environment: EnvironmentName;
  readonly replicas: number;
  readonly image: ResolvedImage | undefined;
}

export function Warnings({ spec, ...around }: Props) {
  const t = useT();
  return warningsOf(spec, around).map((row) => (
    <p key={row.key} className="note note-warn" data-testid={row.key}>
      <Shape tone="warn" /> <span>{t(row.key, row.params)}</span>
    </p>
  ));
}
