import { UserPreferences, type Acknowledgement } from '@berth/api';
import { hint, page, type Answers, type Call } from '../call.js';
import { ago } from '../data/basics.js';
import { people } from '../data/people.js';

const acknowledgements = new Map<string, Acknowledgement>([
  [
    'wealth/prod/report-api',
    {
      target: 'wealth/prod/report-api',
      by: { id: people.ops.id, name: people.ops.name },
      note: '等数据库切换完成',
      at: ago(20 * 60_000),
      until: ago(-100 * 60_000),
    },
  ],
]);
let preferences = UserPreferences.parse({});
const keyOf = ({ params }: Call) => `${params.project}/${params.environment}/${params.service}`;

/** Who looks after what, own settings, the health of the platform. */
export const workbench: Answers = {
  listAcknowledgements: () => page([...acknowledgements.values()]),
  acknowledgeService: (call) => {
    const target = keyOf(call);
    const { hours, note } = call.body as { hours: number; note?: string };
    const by = { id: people.admin.id, name: people.admin.name };
    const row = { target, by, note: note ?? null, at: ago(0), until: ago(-hours * 3_600_000) };
    acknowledgements.set(target, row);
    hint('service', target);
    return row;
  },
  withdrawAcknowledgement: (call) => {
    acknowledgements.delete(keyOf(call));
    hint('service', keyOf(call));
    return null;
  },
  getPreferences: () => preferences,
  savePreferences: (call) => (preferences = UserPreferences.parse(call.body)),
  getPlatformHealth: () => ({ at: ago(0), bus: { delayMs: 0, waiting: 0 }, unanswered: [] }),
};
