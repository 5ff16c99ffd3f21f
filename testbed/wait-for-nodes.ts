import { join } from 'node:path';

import type { Layout } from './layout.ts';
import type { Report } from './report.ts';
import { doesControllerAnswer, readNodeStates, trySlurm } from './slurm-commands.ts';
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
  if (!(await waitUntil(() => doesControllerAnswer(testbed), CONTROLLER_TIMEOUT_MS))) {
    const log = join(layout.logDir, 'slurmctld.log');
    throw new TestbedError(`slurmctld does not answer. The end of ${log}:\n${await readTail(log)}`);
  }
  let states = new Map<string, string>();
  let refusal = '';
  const resumed = new Set<string>();
  const areUsable = async (): Promise<boolean> => {
    states = await readNodeStates(layout);
    const outOfService = names.filter(name => isOutOfService(states.get(name) ?? ''));
    for (const name of outOfService) {
      if (!resumed.has(name)) {
        report(`Resuming ${name}, which was ${states.get(name) ?? ''}`);
      }
      resumed.add(name);
      refusal = (await tryResume(layout, name)) || refusal;
    }
    return names.every(name => isSettled(states.get(name)));
  };
  if (!(await waitUntil(areUsable, NODES_TIMEOUT_MS))) {
    const seen = names.map(name => `${name} ${states.get(name) ?? 'unknown'}`).join(', ');
    throw new TestbedError(
      `Not every node became usable: ${seen}. ${refusal}\nThe logs are in ${layout.logDir}.`
    );
  }
}

/** Whether a node in this state answers and takes jobs. */
export function isUsable(state: string | undefined): boolean {
  return /^(idle|mixed|allocated|completing|planned|reserved)$/.test(state ?? '');
}

/** A node whose jobs are coming to their end may be down behind that word. */
function isSettled(state: string | undefined): boolean {
  return isUsable(state) && state !== 'completing';
}

/** Whether a node answers but was taken out of service, as by `scontrol update State=DRAIN`. */
export function isOutOfService(state: string): boolean {
  return /^(down|drained|draining|fail|failing)$/.test(state);
}

/** Its refusal, if any, is no fault yet: the node may have come back since its state was read. */
async function tryResume(layout: Layout, node: string): Promise<string> {
  const args = ['update', `NodeName=${node}`, 'State=RESUME'];
  const { status, stderr } = await trySlurm(layout, 'scontrol', args);
  return status === 0 ? '' : stderr.trim();
}
