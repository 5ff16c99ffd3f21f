import type { Note } from '../../shared/wire/capture';
import type { Limits, Partition } from '../../shared/wire/limits';
import type { Resources } from '../../shared/wire/resources';
import { slurmSeconds } from '../schedulers/time-limit';

const MIB: Readonly<Record<string, number>> = {
  '': 1,
  K: 1 / 1024,
  M: 1,
  G: 1024,
  T: 1024 ** 2
};

/** Memory as sbatch reads it, in MiB: without a unit these are. */
function mibOf(memory: string): number {
  const [, amount = '', unit = '', isBytes = ''] =
    /^(\d+(?:\.\d+)?)([KMGT]?)(B?)$/i.exec(memory) ?? [];
  const isPlainBytes = unit === '' && isBytes !== '';
  return Number(amount) * (isPlainBytes ? 1 / 1024 ** 2 : (MIB[unit.toUpperCase()] ?? 1));
}

type Rule = {
  name: keyof Resources;
  /** What is wrong with a partition for what is asked; null: nothing. */
  problem: (partition: Partition, asked: Resources) => string | null;
};

const maxSeconds = ({ maxTime }: Partition): number => slurmSeconds(maxTime);

/** `a100:2` as its type; null: any will do. */
function gpuType(gpus: number | string): string | null {
  const [word = ''] = String(gpus).split(':');
  return /^\d+$/.test(word) ? null : word;
}

const RULES: readonly Rule[] = [
  {
    name: 'time',
    problem: (partition, { time }) =>
      time !== undefined && slurmSeconds(time) > maxSeconds(partition)
        ? `allows ${partition.maxTime} at most`
        : null
  },
  {
    name: 'gpus',
    problem: ({ gpus }, { gpus: asked }) => {
      if (asked === undefined) {
        return null;
      }
      const type = gpuType(asked);
      const kinds = gpus.map(kind => kind.split(':')[0] ?? '');
      if (gpus.length === 0) {
        return 'has no GPUs';
      }
      const isThere = type === null || kinds.includes(type) || kinds.every(k => /^\d+$/.test(k));
      return isThere ? null : `has GPUs ${gpus.join(', ')}`;
    }
  },
  {
    name: 'cpus',
    problem: ({ cpusPerNode }, { cpus }) =>
      cpus !== undefined && cpusPerNode > 0 && cpus > cpusPerNode
        ? `has nodes of ${cpusPerNode} CPUs at most`
        : null
  },
  {
    name: 'memory',
    problem: ({ memoryPerNodeMb }, { memory }) =>
      memory !== undefined && memoryPerNodeMb > 0 && mibOf(memory) > memoryPerNodeMb
        ? `has nodes of ${memoryPerNodeMb} MB at most`
        : null
  },
  {
    name: 'nodes',
    problem: ({ nodes: there }, { nodes }) =>
      nodes !== undefined && nodes > there ? `has ${there} nodes` : null
  }
];

const note = (name: keyof Resources, asked: unknown, text: string): Note => ({
  kind: 'name',
  name,
  text: `${String(asked)} will hardly do: ${text} (as the doctor saw it)`
});

/** Where the job can go; empty: nowhere that is known. */
function candidates({ partitions }: Limits, { partition }: Resources): Partition[] {
  const names = partition?.split(',');
  return partitions.filter(({ name, isDefault }) => names?.includes(name) ?? isDefault);
}

function partitionNotes(limits: Limits, { partition }: Resources, there: Partition[]): Note[] {
  if (partition === undefined) {
    return [];
  }
  const known = limits.partitions.map(({ name }) => name).join(', ');
  if (there.length === 0) {
    return [note('partition', partition, `there are ${known}`)];
  }
  return there.some(({ isUp }) => isUp) ? [] : [note('partition', partition, 'it is down')];
}

function choiceNotes(name: 'account' | 'qos', known: readonly string[], asked?: string): Note[] {
  return asked === undefined || known.length === 0 || known.includes(asked)
    ? []
    : [note(name, asked, `yours are ${known.join(', ')}`)];
}

/**
 * What a job asks for beyond the limits that were learned of its cluster. They may be a day old, so
 * this forbids nothing. Raw sbatch options are not looked at.
 */
export function limitNotes(limits: Limits, asked: Resources): Note[] {
  if (limits.partitions.length === 0) {
    return [];
  }
  const there = candidates(limits, asked);
  const beyond = RULES.flatMap(({ name, problem }) => {
    const problems = there.map(partition => ({
      words: problem(partition, asked),
      name: partition.name
    }));
    const [first] = problems;
    return first === undefined || problems.some(({ words }) => words === null)
      ? []
      : [note(name, asked[name], `${first.name} ${first.words}`)];
  });
  return [
    ...partitionNotes(limits, asked, there),
    ...beyond,
    ...choiceNotes('account', limits.accounts, asked.account),
    ...choiceNotes('qos', limits.qos, asked.qos)
  ];
}
