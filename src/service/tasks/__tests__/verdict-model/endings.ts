import type { Phase } from '../../../../shared/phases';
import type { EndRecord } from '../../../store/task-record';

/** How an attempt ends in truth, and what each of its witnesses says. */
export type Ending = {
  name: string;
  /** What a verdict may say at last; none: it cannot be known, and nothing final may be said. */
  phases: readonly Phase[];
  codes: readonly (string | null)[];
  /** Whether it happens before the script runs, before the worker begins, or in the cell. */
  when: 'queue' | 'script' | 'cell';
  /** The worker's record; null: it left none. */
  end: Partial<EndRecord> | null;
  /** What the script wrote; null: it could not, or never ran the worker. */
  exit: { status: number; oomKills: number | null } | null;
  /** Slurm's last word: state, exit code and reason. */
  slurm: readonly [state: string, exit: string, reason: string];
  /** Whose cancel it was. */
  by?: 'here' | 'outside' | 'other' | 'admin';
  /** The worker lives on for a while after the scheduler's word, and ends well. */
  outlives?: boolean;
  /** The worker's record counts events that nobody will ever read. */
  losesEvents?: boolean;
  /** The script's record decides by itself, at once. */
  isPlain?: boolean;
};

const OK = { status: 'ok', exitCode: 0 } as const;
const raised = { status: 'error', ename: 'ValueError', evalue: 'no', exitCode: 1 } as const;
const stopped = { status: 'terminated' } as const;
const silent = { end: null, exit: null } as const;
const inCell = { when: 'cell' } as const;

const failed = (code: string): Pick<Ending, 'phases' | 'codes'> => ({
  phases: ['failed'],
  codes: [code]
});
const memory = (...codes: string[]): Pick<Ending, 'phases' | 'codes'> => ({
  phases: ['out-of-memory'],
  codes
});
const timedOut: Pick<Ending, 'phases' | 'codes'> = { phases: ['timed-out'], codes: ['time-limit'] };
const completed: Pick<Ending, 'phases' | 'codes'> = {
  phases: ['completed'],
  codes: [null, 'left-badly']
};
const unknowable: Pick<Ending, 'phases' | 'codes'> = { phases: [], codes: [] };

const WELL: Ending[] = [
  {
    name: 'ok',
    ...completed,
    ...inCell,
    end: OK,
    exit: { status: 0, oomKills: 0 },
    slurm: ['COMPLETED', '0:0', 'None']
  },
  {
    name: 'ok, then a crash',
    ...completed,
    ...inCell,
    end: OK,
    exit: { status: 139, oomKills: 0 },
    slurm: ['FAILED', '139:0', 'NonZeroExitCode']
  },
  {
    name: 'ok, then its time was over',
    ...completed,
    ...inCell,
    end: OK,
    exit: null,
    slurm: ['TIMEOUT', '0:15', 'TimeLimit']
  },
  {
    name: 'ok, then canceled',
    ...completed,
    ...inCell,
    end: OK,
    exit: null,
    slurm: ['CANCELLED', '0:15', 'None'],
    by: 'outside'
  },
  {
    name: 'ok, after its node was given up',
    ...completed,
    ...inCell,
    end: OK,
    exit: null,
    slurm: ['NODE_FAIL', '1:0', 'NodeDown'],
    outlives: true
  },
  {
    name: 'ok, events lost',
    ...unknowable,
    ...inCell,
    end: OK,
    exit: { status: 0, oomKills: 0 },
    slurm: ['COMPLETED', '0:0', 'None'],
    losesEvents: true
  }
];

const BY_CELL: Ending[] = [
  {
    name: 'exception',
    ...failed('exception'),
    ...inCell,
    end: raised,
    exit: { status: 1, oomKills: 0 },
    slurm: ['FAILED', '1:0', 'NonZeroExitCode']
  },
  {
    name: 'script status',
    ...failed('exit-code'),
    ...inCell,
    end: { ...raised, ename: null, evalue: null, exitCode: 4 },
    exit: { status: 1, oomKills: 0 },
    slurm: ['FAILED', '1:0', 'NonZeroExitCode']
  },
  {
    name: 'child signal',
    ...failed('signal'),
    ...inCell,
    end: { ...raised, ename: null, signal: 11 },
    exit: { status: 1, oomKills: 0 },
    slurm: ['FAILED', '1:0', 'NonZeroExitCode']
  },
  {
    name: 'MemoryError',
    ...memory('memory-python'),
    ...inCell,
    end: { ...raised, ename: 'MemoryError' },
    exit: { status: 1, oomKills: 0 },
    slurm: ['FAILED', '1:0', 'NonZeroExitCode']
  },
  {
    name: 'crash',
    ...failed('signal'),
    ...inCell,
    end: null,
    exit: { status: 139, oomKills: 0 },
    slurm: ['FAILED', '139:0', 'NonZeroExitCode'],
    isPlain: true
  },
  {
    name: 'killed',
    ...failed('signal'),
    ...inCell,
    end: null,
    exit: { status: 137, oomKills: 0 },
    slurm: ['FAILED', '137:0', 'NonZeroExitCode'],
    isPlain: true
  },
  {
    name: 'killed, memory unknown',
    phases: ['failed'],
    codes: ['signal', 'exit-code'],
    ...inCell,
    end: null,
    exit: { status: 137, oomKills: null },
    slurm: ['FAILED', '137:0', 'NonZeroExitCode']
  },
  {
    name: 'os._exit',
    ...failed('exit-code'),
    ...inCell,
    end: null,
    exit: { status: 7, oomKills: 0 },
    slurm: ['FAILED', '7:0', 'NonZeroExitCode'],
    isPlain: true
  },
  {
    name: 'no record though it failed',
    ...failed('exit-code'),
    ...inCell,
    end: null,
    exit: { status: 1, oomKills: 0 },
    slurm: ['FAILED', '1:0', 'NonZeroExitCode']
  },
  {
    name: 'script killed',
    ...failed('signal'),
    ...inCell,
    ...silent,
    slurm: ['FAILED', '0:9', 'RaisedSignal:9(Killed)']
  },
  {
    name: 'no record though all was well',
    ...unknowable,
    ...inCell,
    end: null,
    exit: { status: 0, oomKills: 0 },
    slurm: ['COMPLETED', '0:0', 'None']
  },
  {
    name: 'a setup line left',
    ...unknowable,
    when: 'script',
    ...silent,
    slurm: ['COMPLETED', '0:0', 'None']
  }
];

const BY_CLUSTER: Ending[] = [
  {
    name: 'kernel memory',
    ...memory('memory-kernel', 'memory'),
    ...inCell,
    end: null,
    exit: { status: 137, oomKills: 1 },
    slurm: ['OUT_OF_MEMORY', '0:125', 'OutOfMemory'],
    isPlain: true
  },
  {
    name: 'kernel memory, not counted',
    ...memory('memory'),
    ...inCell,
    end: null,
    exit: { status: 137, oomKills: null },
    slurm: ['OUT_OF_MEMORY', '0:125', 'OutOfMemory']
  },
  {
    name: 'all killed for memory',
    ...memory('memory'),
    ...inCell,
    ...silent,
    slurm: ['OUT_OF_MEMORY', '0:125', 'OutOfMemory']
  },
  {
    name: 'failed for memory',
    ...memory('memory'),
    ...inCell,
    ...silent,
    slurm: ['FAILED', '0:125', 'OutOfMemory']
  },
  {
    name: 'time up, saved',
    ...timedOut,
    ...inCell,
    end: { status: 'time-up', cause: 'time-limit' },
    exit: { status: 143, oomKills: 0 },
    slurm: ['FAILED', '143:0', 'NonZeroExitCode']
  },
  {
    name: 'time up, told to stop',
    ...timedOut,
    ...inCell,
    end: stopped,
    exit: { status: 143, oomKills: 0 },
    slurm: ['TIMEOUT', '0:15', 'TimeLimit']
  },
  {
    name: 'time up, silent',
    ...timedOut,
    ...inCell,
    ...silent,
    slurm: ['TIMEOUT', '0:15', 'TimeLimit']
  },
  {
    name: 'deadline',
    phases: ['timed-out'],
    codes: ['deadline'],
    ...inCell,
    ...silent,
    slurm: ['DEADLINE', '0:15', 'DeadLine']
  },
  {
    name: 'node',
    phases: ['node-failed'],
    codes: ['node'],
    ...inCell,
    ...silent,
    slurm: ['NODE_FAIL', '1:0', 'NodeDown']
  },
  {
    name: 'boot',
    phases: ['node-failed'],
    codes: ['boot-failed'],
    when: 'script',
    ...silent,
    slurm: ['BOOT_FAIL', '1:0', 'None']
  },
  {
    name: 'preempted for good',
    ...failed('preempted'),
    ...inCell,
    end: stopped,
    exit: { status: 143, oomKills: 0 },
    slurm: ['PREEMPTED', '0:15', 'None']
  },
  {
    name: 'preempted for good, silent',
    ...failed('preempted'),
    ...inCell,
    ...silent,
    slurm: ['PREEMPTED', '0:15', 'None']
  },
  {
    name: 'ended by hand',
    ...failed('terminated'),
    ...inCell,
    end: stopped,
    exit: { status: 143, oomKills: 0 },
    slurm: ['FAILED', '143:0', 'NonZeroExitCode']
  },
  {
    name: 'no python',
    ...failed('launch-failed'),
    when: 'script',
    end: null,
    exit: { status: 127, oomKills: 0 },
    slurm: ['FAILED', '127:0', 'NonZeroExitCode'],
    isPlain: true
  },
  {
    name: 'crash before its first word',
    ...failed('signal'),
    when: 'script',
    end: null,
    exit: { status: 139, oomKills: 0 },
    slurm: ['FAILED', '139:0', 'NonZeroExitCode'],
    isPlain: true
  },
  {
    name: 'python died early',
    ...failed('launch-failed'),
    when: 'script',
    end: null,
    exit: { status: 64, oomKills: 0 },
    slurm: ['FAILED', '64:0', 'NonZeroExitCode']
  },
  {
    name: 'setup failed',
    ...failed('launch-failed'),
    when: 'script',
    ...silent,
    slurm: ['FAILED', '3:0', 'NonZeroExitCode']
  },
  { name: 'revoked', ...unknowable, when: 'queue', ...silent, slurm: ['REVOKED', '0:0', 'None'] }
];

const CANCELED: Ending[] = (
  [
    ['here', 'canceled'],
    ['outside', 'canceled-outside'],
    ['other', 'canceled-by-other'],
    ['admin', 'canceled-by-admin']
  ] as const
).flatMap(([by, code]): Ending[] => {
  // Without the books nobody can tell who it was.
  const who = { phases: ['canceled'] as const, codes: [code, 'canceled', 'canceled-outside'], by };
  const slurm = ['CANCELLED', '0:15', 'None'] as const;
  return [
    {
      name: `canceled (${by}) in the queue`,
      ...who,
      when: 'queue',
      ...silent,
      slurm: ['CANCELLED', '0:0', 'None']
    },
    {
      name: `canceled (${by})`,
      ...who,
      ...inCell,
      end: stopped,
      exit: { status: 143, oomKills: 0 },
      slurm
    },
    {
      name: `canceled (${by}), killed`,
      ...who,
      ...inCell,
      end: null,
      exit: { status: 137, oomKills: null },
      slurm
    },
    { name: `canceled (${by}), silent`, ...who, ...inCell, ...silent, slurm }
  ];
});

export const ENDINGS: readonly Ending[] = [...WELL, ...BY_CELL, ...BY_CLUSTER, ...CANCELED];

/** Ends of an attempt after which the scheduler starts the job again. */
export const INTERRUPTIONS: readonly Pick<Ending, 'name' | 'end' | 'exit' | 'slurm'>[] = [
  {
    name: 'preempted',
    end: stopped,
    exit: { status: 143, oomKills: 0 },
    slurm: ['PREEMPTED', '0:15', 'None']
  },
  { name: 'preempted, silent', ...silent, slurm: ['PREEMPTED', '0:15', 'None'] },
  { name: 'node', ...silent, slurm: ['NODE_FAIL', '1:0', 'NodeDown'] },
  { name: 'requeued', end: stopped, exit: null, slurm: ['REQUEUED', '0:15', 'None'] },
  {
    name: 'requeued, killed',
    end: null,
    exit: { status: 137, oomKills: null },
    slurm: ['REQUEUED', '0:9', 'None']
  }
];
