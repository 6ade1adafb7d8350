import { setTimeout as delay } from 'node:timers/promises';
import { routes } from '@berth/api';
import { firstSnapshot, ofRound, smallSnapshot } from './company.js';
import { history } from './history.js';
import { enterPeople } from './people.js';
import { sampleRows, type SampleRow } from './rows.js';
import type { Stage, Step } from './stage.js';

type Report = (detail: string) => void;

/** Two projects with four services, entered by the account of `up`. For tests. */
export async function enterSmall(stage: Stage, prefix: string, report: Report): Promise<void> {
  await stage.play([push('small', 'the CMDB pushes two projects', smallSnapshot)], report);
  const { small } = sampleRows(prefix);
  await stage.playTogether(
    small.map((row) => ready(row, () => Promise.resolve(stage.setup))),
    report,
  );
}

/** The company, its people and the first six services. The rest comes while somebody looks around already. */
export async function enterFirst(stage: Stage, prefix: string, passwords: string, report: Report): Promise<void> {
  const pushes = [
    push('cmdb-dry-run', 'the CMDB tries a push', firstSnapshot, true),
    push('cmdb-first', 'the CMDB pushes the company', firstSnapshot),
    push('cmdb-again', 'the CMDB pushes the same again', firstSnapshot),
  ];
  const people: Step = { id: 'people', title: 'five people', run: () => enterPeople(stage.setup, passwords, report) };
  await stage.play([...pushes, people], report);
  const { first } = sampleRows(prefix);
  await stage.playTogether(
    first.map((row) => ready(row, () => stage.as(row.by))),
    report,
  );
}

/** The services that are ill, stopped or only refused, and what the people did to the others. */
export async function enterRest(stage: Stage, prefix: string, report: Report): Promise<void> {
  await stage.play(history(prefix), report);
}

const push = (id: string, title: string, snapshot: { version: number }, dryRun = false): Step => ({
  id,
  title,
  run: (stage) => stage.push(ofRound(snapshot, stage.round), dryRun),
});

/** Deploys a row and waits until all its containers are ready, even when that takes longer than its operation had. */
function ready(row: SampleRow, deployer: () => ReturnType<Stage['as']>): Step {
  const { project, environment, body } = row;
  const id = `${project}/${environment}/${body.code}`;
  return {
    id,
    title: id,
    async run(stage) {
      const user = await deployer();
      const answer = await stage.deploy(user, id, row);
      if ('refused' in answer && answer.refused !== 'name_taken') throw new Error(`${id}: ${answer.refused}`);
      const deadline = Date.now() + 300_000;
      for (;;) {
        // Not there yet for a moment after the command was accepted.
        const { data } = await user.call(routes.getService, { params: { project, environment, service: body.code } });
        if (data?.state === 'running') return;
        if (Date.now() > deadline) throw new Error(`${id} is ${data?.state ?? 'not there'}: ${data?.reason ?? ''}`);
        await delay(500);
      }
    },
  };
}
