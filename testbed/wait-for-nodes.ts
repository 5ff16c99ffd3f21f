import { join } from 'node:path';

import type { Report } from './report.ts';
import { doesControllerAnswer, readNodeStates, runSlurm } from './slurm-commands.ts';
import { readTail } from './start-part.ts';
import { nodeNamesOf, type Testbed } from './testbed.ts';
import { TestbedError } from './testbed-error.ts';
import { waitUntil } from './wait-until.ts';

const CONTROLLER_TIMEOUT_MS = 20_000;
const NODES_TIMEOUT_MS = 40_000;

/** Returns when jobs can start on every node; nodes that someone took out of service come back. */
export async function waitForNodes(testbed: Testbed, report: Report): Promise<void> {
  const { layout, record } = testbed;
  const names = nodeNamesOf(record);
  if (!(await waitUntil(() => doesControllerAnswer(layout), CONTROLLER_TIMEOUT_MS))) {
    const log = join(layout.logDir, 'slurmctld.log');
    throw new TestbedError(`slurmctld does not answer. The end of ${log}:\n${await readTail(log)}`);
  }
  let states = new Map<string, string>();
  const resumed = new Set<string>();
  const areUsable = async () => {
    states = await readNodeStates(layout);
    await resumeOnce(testbed, states, resumed, report);
    return names.every(name => isUsable(states.get(name)));
  };
  if (!(await waitUntil(areUsable, NODES_TIMEOUT_MS))) {
    const seen = names.map(name => `${name} ${states.get(name) ?? 'unknown'}`).join(', ');
    throw new TestbedError(
      `Not every node became usable: ${seen}. The logs are in ${layout.logDir}.`
    );
  }
}

/** Whether a node in this state answers and takes jobs. */
export function isUsable(state: string | undefined): boolean {
  return /^(idle|mixed|allocated|completing|planned|reserved)$/.test(state ?? '');
}

/** Whether a node answers but was taken out of service, as by `scontrol update State=DRAIN`. */
export function isOutOfService(state: string): boolean {
  return /^(down|drained|draining|fail|failing)$/.test(state);
}

async function resumeOnce(
  { layout }: Testbed,
  states: ReadonlyMap<string, string>,
  resumed: Set<string>,
  report: Report
): Promise<void> {
  for (const [name, state] of states) {
    if (isOutOfService(state) && !resumed.has(name)) {
      resumed.add(name);
      report(`Resuming ${name}, which was ${state}`);
      await runSlurm(layout, 'scontrol', ['update', `NodeName=${name}`, 'State=RESUME']);
    }
  }
}
