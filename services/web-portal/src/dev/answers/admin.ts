import type { AuditVerification, DeadLetter, DeadLetterDetail, Member, Session, Token } from '@berth/api';
import { page, refuse, type Answers } from '../call.js';
import { ago, minute, uuid } from '../data/basics.js';
import { people, users } from '../data/people.js';

const aLetter = (given: Partial<DeadLetter>): DeadLetter => ({
  owner: 'ipaas',
  id: 1,
  stream: 'ipaas.cmd.service.v1',
  partition: 3,
  offset: 1841,
  key: 'wealth/prod/quote-push',
  type: 'ipaas.service.upgrade.v1',
  reason: 'spec.image.digest: expected a digest, and it has none',
  attempts: 5,
  firstSeenAt: ago(42 * minute),
  lastSeenAt: ago(29 * minute),
  operationId: uuid(),
  correlationId: uuid(),
  resolution: null,
  resolvedAt: null,
  resolvedBy: null,
  resolutionCause: null,
  replayOperationId: null,
  ...given,
});
const letters: DeadLetter[] = [
  aLetter({}),
  aLetter({
    id: 7,
    owner: 'cluster-mgr',
    type: null,
    key: '',
    stream: 'ipaas.state.service.v1',
    reason: 'not a CloudEvents 1.0 record: header ce_specversion is missing or not 1.0',
    attempts: 1,
    operationId: null,
    lastSeenAt: ago(3 * 60 * minute),
  }),
  aLetter({
    id: 3,
    owner: 'dolphinsync',
    type: 'ipaas.service.state.v1',
    stream: 'ipaas.state.service.v1',
    reason: 'the value is not JSON',
    operationId: null,
    resolution: 'discarded',
    resolvedAt: ago(10 * minute),
    resolvedBy: 'zhouhang',
    resolutionCause: '测试消息',
  }),
];

function detailOf(letter: DeadLetter): DeadLetterDetail {
  const isUnreadable = letter.type === null;
  const payload = { key: letter.key, spec: { image: { reference: 'registry/quote-push:1.5' }, password: '•••' } };
  return {
    ...letter,
    headers: { ce_specversion: '1.0', ce_type: letter.type ?? '', ce_subject: letter.key },
    payload: JSON.stringify(payload, null, 2),
    payloadBytes: 412,
    error: isUnreadable ? null : 'ZodError: expected a digest\n    at ServiceMessages.upgradeService',
    forecast: {
      effect: isUnreadable ? 'unreadable' : 'new_operation',
      reason: isUnreadable ? letter.reason : null,
      waitingBefore: isUnreadable ? 0 : 1,
    },
  };
}

const tokens: Token[] = [
  {
    id: uuid(),
    name: 'cmdb',
    permission: 'cmdb.push',
    source: null,
    createdBy: 'chenmin',
    createdAt: ago(90 * 24 * 60 * minute),
    expiresAt: ago(-275 * 24 * 60 * minute),
    lastUsedAt: ago(6 * minute),
    usable: true,
  },
  {
    id: uuid(),
    name: 'nightly-check',
    permission: null,
    source: null,
    createdBy: 'zhouhang',
    createdAt: ago(100 * 24 * 60 * minute),
    expiresAt: ago(10 * 24 * 60 * minute),
    lastUsedAt: null,
    usable: false,
  },
];
const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const aSession = (current: boolean): Session => ({
  id: uuid(),
  current,
  address: current ? '10.0.3.17' : '10.0.9.4',
  userAgent: current ? agent : 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0',
  createdAt: ago(95 * minute),
  seenAt: ago(current ? 0 : 50 * minute),
  endsAt: ago(-400 * minute),
});
const sessions = [aSession(true), aSession(false)];

let verification: AuditVerification | null = null;

/** Dead letters, the chain of the audit log, tokens, sessions, members of projects. */
export const adminAnswers: Answers = {
  listDeadLetters: ({ query }) => ({
    ...page(
      letters
        .filter(
          (row) => query.get('state') === 'all' || (row.resolution === null) === (query.get('state') !== 'resolved'),
        )
        .filter((row) => !query.get('owner') || row.owner === query.get('owner')),
    ),
    sources: [
      { owner: 'gateway', state: 'answered', open: 0 },
      { owner: 'ipaas', state: 'answered', open: 1 },
      { owner: 'cluster-mgr', state: 'answered', open: 1 },
      { owner: 'dolphinsync', state: 'answered', open: 0 },
      { owner: 'codeflow', state: 'away', open: null },
    ],
  }),
  getDeadLetter: ({ params }) => {
    const letter = letters.find((row) => row.owner === params.owner && String(row.id) === params.id);
    return letter ? detailOf(letter) : refuse('not_found', { what: 'dead letter' });
  },
  replayDeadLetter: () => ({ operationId: null }),
  discardDeadLetter: () => ({ operationId: null }),
  getAuditChain: () => ({ headSequence: 40, waiting: 1, verification }),
  verifyAudit: () => {
    verification = {
      at: ago(0),
      by: people.admin.username,
      rows: 39,
      headSequence: 39,
      headHash: 'a'.repeat(64),
      durationMs: 41,
      findings: verification ? [{ kind: 'altered', sequence: 17, lastSequence: 17 }] : [],
    };
    return verification;
  },
  listTokens: () => page(tokens),
  listOwnTokens: () => page(tokens.slice(1)),
  createOwnToken: ({ body }) => ({
    id: uuid(),
    name: body.name,
    token: `berth_${'x'.repeat(43)}`,
    expiresAt: ago(-minute),
  }),
  revokeToken: () => null,
  revokeOwnToken: () => null,
  listSessions: () => ({ items: sessions }),
  endSession: ({ params }) => {
    const index = sessions.findIndex(({ id }) => id === params.id);
    if (index >= 0) sessions.splice(index, 1);
    return null;
  },
  listMembers: () =>
    page(
      users.map(({ username, name, active, lastLoginAt, bindings }): Member => ({
        username,
        name,
        active,
        lastLoginAt,
        bindings: bindings.map((binding) => ({ ...binding, inherited: binding.scope.startsWith('tenant:') })),
      })),
    ),
  listCandidates: () => ({ items: users.map(({ username, name }) => ({ username, name })) }),
  setMember: () => null,
  deactivateUser: () => users[0],
  activateUser: () => users[0],
  resetPassword: () => users[0],
};
