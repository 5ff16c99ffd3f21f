import { doesControllerAnswer, readNodeStates } from './slurm-commands.ts';
import { findPart, partsOf, slurmdNameOf } from './parts.ts';
import { nodeNamesOf, type Testbed } from './testbed.ts';
import { isOutOfService, isUsable } from './wait-for-nodes.ts';

/** One line of the status: a daemon, and for a node's daemon the node's state. */
export type PartStatus = {
  name: string;
  pid: number | undefined;
  port: number | undefined;
  state: string;
  isUp: boolean;
};

/** How each daemon of a testbed is. */
export async function readStatus(testbed: Testbed): Promise<PartStatus[]> {
  const parts = partsOf(testbed);
  const found = await Promise.all(parts.map(findPart));
  const doesAnswer = await doesControllerAnswer(testbed);
  const nodeStates = doesAnswer ? await readNodeStates(testbed.layout) : new Map<string, string>();
  return parts.map((part, index) => {
    const state = found[index]?.state;
    const node = nodeNamesOf(testbed.record).find(name => slurmdNameOf(name) === part.name);
    const words =
      node !== undefined
        ? describeNode(nodeStates.get(node))
        : part.name === 'slurmctld' && !doesAnswer
          ? { state: 'does not answer', isUp: false }
          : { state: 'up', isUp: true };
    return {
      name: part.name,
      pid: found[index]?.pid,
      port: testbed.record.ports[part.name],
      ...describeProcess(state, words)
    };
  });
}

/** The status as a table for a person. */
export function renderStatus(dir: string, rows: readonly PartStatus[]): string {
  const cells = rows.map(({ name, pid, port, state }) => [
    name,
    pid === undefined ? '-' : String(pid),
    port === undefined ? '-' : String(port),
    state
  ]);
  const table = [['PART', 'PID', 'PORT', 'STATE'], ...cells];
  const widths = [0, 1, 2, 3].map(column =>
    Math.max(...table.map(row => row[column]?.length ?? 0))
  );
  const lines = table.map(row =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  );
  return `Testbed in ${dir}\n${lines.join('\n')}\n`;
}

function describeProcess(processState: string | undefined, whenRunning: StateWords): StateWords {
  if (processState === undefined) {
    return { state: 'down', isUp: false };
  }
  return processState === 'T' ? { state: 'stopped by signal', isUp: false } : whenRunning;
}

function describeNode(nodeState: string | undefined): StateWords {
  if (nodeState === undefined) {
    return { state: 'up, node state unknown', isUp: false };
  }
  // Drained on purpose is not broken; down is.
  const isUp = isUsable(nodeState) || (isOutOfService(nodeState) && nodeState !== 'down');
  return { state: `up, node ${nodeState}`, isUp };
}

type StateWords = { state: string; isUp: boolean };
