import type { Resources } from '../../shared/wire/resources';
import type { JobSpec } from './scheduler';
import { noticeSeconds, ownSignal } from './time-limit';

const KIB: Readonly<Record<string, number>> = {
  '': 1024,
  K: 1,
  M: 1024,
  G: 1024 ** 2,
  T: 1024 ** 3
};

/** Memory as `--mem` takes it: a whole number with a unit, nothing asked for lost by rounding. */
export function toSlurmMemory(memory: string): string {
  const [, amount = '', unit = '', isBytes = ''] =
    /^(\d+(?:\.\d+)?)([KMGT]?)(B?)$/i.exec(memory) ?? [];
  const letter = unit.toUpperCase();
  if (letter === '' && isBytes !== '') {
    return `${Math.ceil(Number(amount) / 1024)}K`;
  }
  return amount.includes('.')
    ? `${Math.ceil(Number(amount) * (KIB[letter] ?? 1024))}K`
    : `${amount}${letter === '' ? 'M' : letter}`;
}

/** GPUs of the whole job: a count, or a type with one. */
function toSlurmGpus(gpus: number | string): string {
  return /^\d+$|:/.test(String(gpus)) ? String(gpus) : `${gpus}:1`;
}

/**
 * What each resource is called by sbatch. GPUs are `--gpus`, a number for the whole job; a site
 * that knows only `--gres` gets it through raw options.
 */
const FLAGS = {
  partition: 'partition',
  account: 'account',
  qos: 'qos',
  constraint: 'constraint',
  nodes: 'nodes',
  cpus: 'cpus-per-task',
  memory: 'mem',
  gpus: 'gpus',
  time: 'time'
} as const satisfies Record<Exclude<keyof Resources, 'sbatch' | 'requeue'>, string>;

type Flag = keyof typeof FLAGS;

function toSlurmValue(name: Flag, value: string | number): string | number {
  switch (name) {
    case 'memory':
      return toSlurmMemory(String(value));
    case 'gpus':
      return toSlurmGpus(value);
    default:
      return value;
  }
}

function resourceOptions(resources: Resources): string[] {
  return (Object.keys(FLAGS) as Flag[]).flatMap(name => {
    const value = resources[name];
    return value === undefined ? [] : [`--${FLAGS[name]}=${toSlurmValue(name, value)}`];
  });
}

/** One task for each node: with `--ntasks=1` Slurm would give one node however many are asked for. */
function shapeOptions({ nodes = 1 }: Resources): string[] {
  return nodes > 1 ? ['--ntasks-per-node=1'] : ['--nodes=1', '--ntasks=1'];
}

/** True where Slurm cannot be told this path: it drops backslashes from names of output files. */
export function isBeyondOutputOption(directory: string): boolean {
  return directory.includes('\\');
}

function outputOption(directory: string): string {
  return isBeyondOutputOption(directory)
    ? '--output=/dev/null'
    : `--output=${directory.replaceAll('%', '%%')}/job.log`;
}

function requeueOptions({ requeue }: Resources): string[] {
  return requeue === undefined ? [] : [requeue ? '--requeue' : '--no-requeue'];
}

/** To the script alone: to the steps Slurm would send it only where `srun` made them. */
function signalOptions(resources: Resources): string[] {
  const lead = noticeSeconds(resources);
  return lead === null || ownSignal(resources) !== null ? [] : [`--signal=B:USR1@${lead}`];
}

/** The words of the sbatch command line that describe a job, in order, not yet quoted. */
export function sbatchOptions(job: JobSpec): string[] {
  return [
    `--job-name=${job.key}`,
    `--chdir=${job.directory}`,
    outputOption(job.directory),
    '--open-mode=append',
    ...shapeOptions(job.resources),
    ...resourceOptions(job.resources),
    ...requeueOptions(job.resources),
    ...signalOptions(job.resources),
    // Last, since the last one of a kind wins.
    ...(job.resources.sbatch ?? [])
  ];
}
