import type { Partition } from '../../shared/wire/limits';
import { limited, type PartReply, type ScriptPart } from './parallel-parts';
import { SLURM_ENVIRONMENT } from './slurm-environment';

/** What a cluster says of itself; null: it did not say. */
export type SlurmFacts = {
  /** Whether its commands are there. */
  isInstalled: boolean;
  /** Such as `23.11.6`. */
  version: string | null;
  /** Whether a controller answered; `controllerWords` are its own. */
  isUp: boolean;
  controllerWords: string;
  /** Whether the books answer. */
  hasAccounting: boolean;
  accountingWords: string;
  partitions: Partition[];
  accounts: string[];
  qos: string[];
};

// Known to every release since 20.11. GRES is last: it may be long, and holds no bar.
const SINFO_FORMAT = '%P|%a|%l|%D|%c|%m|%T|%G';
const CONTROLLER = 'slurm-controller';
const PARTITIONS = 'slurm-partitions';
const ACCOUNTING = 'slurm-accounting';
const ASSOCIATIONS = 'slurm-associations';
const SHARES = 'slurm-shares';
const SECONDS = 15;

const command = (text: string): string => `${SLURM_ENVIRONMENT}
${limited(SECONDS)} ${text}
printf '\\nsluice-status %s\\n' "$?"`;

/** The parts that ask Slurm; each may fail by itself. */
export const SLURM_PARTS: readonly ScriptPart[] = [
  {
    name: CONTROLLER,
    text: `${SLURM_ENVIRONMENT}
command -v sinfo >/dev/null 2>&1 || { echo sluice-missing; exit 0; }
sinfo --version
${command('scontrol ping')}`
  },
  { name: PARTITIONS, text: command(`sinfo --noheader --exact --format='${SINFO_FORMAT}'`) },
  {
    name: ACCOUNTING,
    text: command('sacct --noheader --allocations --starttime=now-1hour --format=JobID')
  },
  {
    name: ASSOCIATIONS,
    text: command(
      'sacctmgr --noheader --parsable2 show associations user="$(id -un)" format=Account,QOS,DefaultQOS'
    )
  },
  {
    name: SHARES,
    text: command('sshare --noheader --parsable2 --users="$(id -un)" --format=Account,User')
  }
];

type Reply = { lines: string[]; status: number | null; isDone: boolean };

function replyOf(replies: ReadonlyMap<string, PartReply>, name: string): Reply {
  const { lines = [], isDone = false } = replies.get(name) ?? {};
  const statusLine = lines.findLast(line => line.startsWith('sluice-status '));
  return {
    lines: lines.filter(line => line.trim() !== '' && !line.startsWith('sluice-')),
    status: statusLine === undefined ? null : Number(statusLine.split(' ')[1]),
    isDone
  };
}

/** What a command said, or that it was silent. */
function wordsOf({ lines, status, isDone }: Reply): string {
  const isOver = !isDone || status === 124;
  return isOver ? 'it did not answer in time' : lines.join(' ').slice(0, 500);
}

/** `gpu:a100:4(S:0-1)` as `a100:4`, `gpu:2` as `2`; other kinds of devices are left out. */
function gpusOf(gres: string): string[] {
  return gres
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .flatMap(each => (/^gpu(?::|$)/.test(each) ? [each.replace(/^gpu:?/, '') || '1'] : []));
}

const largest = (text: string): number => Number(/^\d+/.exec(text)?.[0] ?? 0);

function parseRow(line: string): Partition | null {
  const [label = '', avail, maxTime, nodes, cpus, memory, , gres] = line.split('|');
  if (gres === undefined || label === '') {
    return null;
  }
  return {
    name: label.replace(/\*$/, ''),
    isDefault: label.endsWith('*'),
    isUp: avail === 'up',
    maxTime: maxTime ?? '',
    nodes: largest(nodes ?? ''),
    cpusPerNode: largest(cpus ?? ''),
    memoryPerNodeMb: largest(memory ?? ''),
    gpus: gpusOf(gres)
  };
}

/** One entry for each partition, whose nodes of several kinds have a row each. */
export function parsePartitions(lines: readonly string[]): Partition[] {
  const found = new Map<string, Partition>();
  for (const row of lines.map(parseRow)) {
    const before = row === null ? undefined : found.get(row.name);
    if (row !== null) {
      found.set(row.name, before === undefined ? row : joined(before, row));
    }
  }
  return [...found.values()];
}

function joined(one: Partition, other: Partition): Partition {
  return {
    ...one,
    nodes: one.nodes + other.nodes,
    cpusPerNode: Math.max(one.cpusPerNode, other.cpusPerNode),
    memoryPerNodeMb: Math.max(one.memoryPerNodeMb, other.memoryPerNodeMb),
    gpus: [...new Set([...one.gpus, ...other.gpus])]
  };
}

const unique = (words: readonly string[]): string[] => [
  ...new Set(words.map(word => word.trim()).filter(word => /^[\w.+:@=/-]+$/.test(word)))
];

function accountsOf(associations: Reply, shares: Reply): Pick<SlurmFacts, 'accounts' | 'qos'> {
  const rows = associations.status === 0 ? associations.lines.map(line => line.split('|')) : [];
  const shared = shares.status === 0 ? shares.lines.map(line => line.split('|')) : [];
  return {
    accounts: unique([
      ...rows.map(([account = '']) => account),
      // Rows without a user are those of the accounts above.
      ...shared.flatMap(([account = '', user = '']) => (user.trim() === '' ? [] : [account]))
    ]),
    qos: unique(rows.flatMap(([, qos = '', first = '']) => [first, ...qos.split(',')]))
  };
}

/** Read what {@link SLURM_PARTS} said. */
export function parseSlurmFacts(replies: ReadonlyMap<string, PartReply>): SlurmFacts {
  const all = replies.get(CONTROLLER)?.lines ?? [];
  const controller = replyOf(replies, CONTROLLER);
  const partitions = replyOf(replies, PARTITIONS);
  const accounting = replyOf(replies, ACCOUNTING);
  const version = /^slurm\S* (\S+)/m.exec(all.join('\n'))?.[1] ?? null;
  const rows = parsePartitions(partitions.status === 0 ? partitions.lines : []);
  const associations = replyOf(replies, ASSOCIATIONS);
  return {
    isInstalled: !all.includes('sluice-missing'),
    version,
    // A backup controller that is down is no fault: sinfo's answer is what counts.
    isUp: partitions.status === 0,
    controllerWords: partitions.status === 0 ? wordsOf(controller) : wordsOf(partitions),
    hasAccounting: accounting.status === 0,
    accountingWords: wordsOf(accounting),
    partitions: rows,
    ...accountsOf(associations, replyOf(replies, SHARES))
  };
}
