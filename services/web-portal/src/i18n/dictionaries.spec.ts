import {
  confidences,
  containerStates,
  findingActions,
  findingKinds,
  problems,
  proofCodes,
  roleNames,
  routeTable,
  things,
} from '@berth/api';
import {
  clusterPhases,
  environmentNames,
  operationKinds,
  OperationStep,
  operationStates,
  serviceStates,
} from '@berth/contracts';
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { eventTopics } from '../pages/service/event-groups.js';
import { en } from './en/index.js';
import { zh } from './zh/index.js';

const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = { zh, en };
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** Codes of the scheduler, read from its types so that a new one without a text is found here. */
function schedulerCodes(): string[] {
  const source = readFileSync(new URL('../../../../libs/engines/scheduler/scheduler.ts', import.meta.url), 'utf8');
  const types = ['AssignmentCode', 'UnplaceableCode'].map(
    (name) => new RegExp(`type ${name} =([^;]+);`).exec(source)?.[1] ?? '',
  );
  const inType = types.flatMap((text) => [...text.matchAll(/'(\w+)'/g)].map((match) => String(match[1])));
  return [...inType, ...[...source.matchAll(/code: '(\w+)'/g)].map((match) => String(match[1]))];
}

/** Codes of the causes that ipaas finds, from their types: a new one without a text is found here. */
function causeCodes(): string[] {
  const root = new URL('../../../ipaas/src/', import.meta.url);
  const cause = readFileSync(new URL('container/cause.ts', root), 'utf8');
  const order = /const order[^=]*=\s*\[([^\]]+)\]/.exec(cause)?.[1] ?? '';
  return [...[...order.matchAll(/'(\w+)'/g)].map((match) => String(match[1])), 'cluster_silent', 'rollout_halted'];
}

/** What cluster-mgr says of a cluster, from its type. */
function clusterProofCodes(): string[] {
  const source = readFileSync(new URL('../../../cluster-mgr/src/cluster/proof.ts', import.meta.url), 'utf8');
  const plain = /const plain = \{([^}]+)\}/.exec(source)?.[1] ?? '';
  return [...plain.matchAll(/^ +(\w+):/gm)].map((match) => String(match[1]));
}

describe('the dictionaries', () => {
  test('both languages have the same keys, and no text is empty', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    for (const texts of Object.values(languages))
      for (const [key, text] of Object.entries(texts)) expect([key, text.trim()]).not.toEqual([key, '']);
  });

  test('a sentence has the same parameters in both languages, or fewer in one of a problem', () => {
    for (const key of Object.keys(zh) as (keyof typeof zh)[])
      expect([key, placeholders(en[key])]).toEqual([key, placeholders(zh[key])]);
  });

  test.each(Object.keys(languages))('%s has a text for every code of the platform', (language) => {
    const steps = OperationStep.shape.name.options;
    const wanted = [
      ...Object.entries(problems).flatMap(([code, kind]) =>
        Object.keys(kind)
          .filter((part) => ['title', 'detail', 'todo', 'stillWorks'].includes(part))
          .map((part) => `problem.${code}.${part}`),
      ),
      ...operationKinds.flatMap((kind) => [`operationKind.${kind}`, `operationTitle.${kind}`]),
      ...operationStates.map((state) => `operationState.${state}`),
      ...steps.map((name) => `step.${name}`),
      ...OperationStep.shape.state.options.map((state) => `stepState.${state}`),
      ...serviceStates.map((state) => `serviceState.${state}`),
      ...containerStates.map((state) => `containerState.${state}`),
      ...clusterPhases.map((phase) => `clusterPhase.${phase}`),
      ...environmentNames.map((name) => `environment.${name}`),
      ...roleNames.map((role) => `role.${role}`),
      ...schedulerCodes().map((code) => `reason.${code}`),
      ...causeCodes().map((code) => `cause.${code}`),
      ...findingKinds.map((kind) => `finding.${kind}`),
      ...proofCodes.map((code) => `proof.${code}`),
      ...findingActions.map((code) => `findingAction.${code}`),
      ...confidences.map((confidence) => `confidence.${confidence}`),
      ...Object.keys(things).map((thing) => `thing.${thing}`),
      ...clusterProofCodes().map((code) => `clusterProof.${code}`),
      ...eventTopics.map((topic) => `eventTopic.${topic}`),
      ...routeTable.filter((route) => route.audited).map((route) => `auditAction.${route.id}`),
    ];
    expect(causeCodes().length).toBeGreaterThanOrEqual(16);
    expect(clusterProofCodes().length).toBeGreaterThanOrEqual(14);
    expect(schedulerCodes().length).toBeGreaterThanOrEqual(17);
    expect(wanted.filter((key) => !(key in (languages[language] ?? {})))).toEqual([]);
  });
});
