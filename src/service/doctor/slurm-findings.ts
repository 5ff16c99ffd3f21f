import { SluiceError } from '../../shared/errors';
import type { Limits, Partition } from '../../shared/wire/limits';
import type { SlurmFacts } from '../schedulers/slurm-facts';
import type { Finding } from './doctor-run';

const NO_SLURM = 'no Slurm here: each job is a process of this host';

/** On a host without a scheduler there is nothing to find. */
export const noSlurm = (): Finding => ({ state: 'passed', found: NO_SLURM });

/** The step `slurm`. */
export function slurmFinding(facts: SlurmFacts, host: string): Finding {
  const { isInstalled, version, isUp, controllerWords } = facts;
  if (!isInstalled) {
    const problem = new SluiceError('slurm-missing', { host });
    return { state: 'failed', found: problem.message, problem };
  }
  const name = `Slurm ${version ?? 'of an unknown version'}`;
  if (!isUp) {
    const problem = new SluiceError('slurm-unavailable', { host, stderr: controllerWords });
    return { state: 'failed', found: `${name}; the controller does not answer`, problem };
  }
  return { state: 'passed', found: name, details: [controllerWords].filter(Boolean) };
}

/** The step `accounting`. */
export function accountingFinding(facts: SlurmFacts): Finding {
  const { hasAccounting, accountingWords, accounts, qos } = facts;
  const details = [
    ...(accounts.length > 0 ? [`accounts: ${accounts.join(', ')}`] : []),
    ...(qos.length > 0 ? [`QOS: ${qos.join(', ')}`] : [])
  ];
  if (!hasAccounting) {
    const found = 'sacct does not answer; Sluice goes by squeue and by what the job itself writes';
    return { state: 'warning', found, details: [...details, accountingWords].filter(Boolean) };
  }
  return accounts.length > 0
    ? { state: 'passed', found: `sacct answers; ${count(accounts.length, 'account')}`, details }
    : { state: 'warning', found: 'sacct answers; it does not tell your accounts', details };
}

const count = (number: number, word: string): string =>
  `${number} ${word}${number === 1 ? '' : 's'}`;

/** One partition in a line. */
export function partitionWords(partition: Partition): string {
  const { name, isDefault, isUp, maxTime, nodes, cpusPerNode, memoryPerNodeMb, gpus } = partition;
  const time = maxTime === 'infinite' ? 'no time limit' : `up to ${maxTime}`;
  return [
    `${name}${isDefault ? ' (default)' : ''}${isUp ? '' : ' (down)'}: ${time}`,
    `${count(nodes, 'node')} of ${cpusPerNode} CPUs and ${(memoryPerNodeMb / 1024).toFixed(1)} GiB`,
    ...(gpus.length > 0 ? [`GPUs ${gpus.join(', ')}`] : [])
  ].join(', ');
}

/** The partition that a job goes to when none is named, where it is up; else the largest that is, those without GPUs first. */
export function choosePartition(partitions: readonly Partition[]): Partition | null {
  const up = partitions.filter(({ isUp, nodes }) => isUp && nodes > 0);
  const rank = ({ gpus, nodes }: Partition): number => (gpus.length > 0 ? 0 : 1e6) + nodes;
  return (
    up.find(({ isDefault }) => isDefault) ?? [...up].sort((a, b) => rank(b) - rank(a))[0] ?? null
  );
}

/** What jobs of a target ask for. */
export type PartitionWish = {
  /** Null: none is named, and Slurm takes its default. */
  named: string | null;
  /** It is no target yet, so that another than the default can still be chosen. */
  isOpen: boolean;
};

/** The step `partitions`. */
export function partitionsFinding(
  partitions: readonly Partition[],
  { named, isOpen }: PartitionWish,
  host: string
): Finding {
  const details = partitions.map(partitionWords);
  const first = partitions.find(({ isDefault }) => isDefault)?.name ?? null;
  const found = `${count(partitions.length, 'partition')}, ${first ?? 'none'} by default`;
  const fail = (partition: string, problem: string): Finding => {
    const others = partitions.filter(({ isUp }) => isUp).map(({ name }) => name);
    const offer = others.join(', ') || 'none is at the moment; ask your site';
    const problems = { partition, host, problem, others: offer };
    const error = new SluiceError('partition-unusable', problems);
    return { state: 'failed', found, details, problem: error };
  };
  const chosen = isOpen ? (choosePartition(partitions)?.name ?? null) : null;
  // A job may name several, and goes where it starts first.
  const wanted = named ?? chosen ?? first;
  if (wanted === null) {
    return fail('(none named)', 'the site has no default one');
  }
  const known = partitions.filter(({ name }) => wanted.split(',').includes(name));
  if (known.length === 0) {
    return fail(wanted, 'there is none of that name that you may see');
  }
  return known.some(({ isUp }) => isUp)
    ? { state: 'passed', found: `${found}; ${wanted} is up`, details }
    : fail(wanted, 'it is down, and jobs in it only wait');
}

/** What is kept of it for a day. */
export function limitsOf({ partitions, accounts, qos }: SlurmFacts, nowMs: number): Limits {
  return { partitions, accounts, qos, learnedAt: nowMs };
}
