import type { Reason } from '../../shared/wire/task';
import type { JobReport } from '../schedulers/scheduler';
import type { EndRecord, ExitRecord } from '../store/task-record';
import type { Words } from './pending-reasons';
import { signalName } from './signal-names';

/** A reason of these words, with the scheduler's token beside it. */
export function makeReason([code, message, hint]: Words, token: string | null): Reason {
  return { code, message, hint, token };
}

const LOG = 'Its log (job.log in its folder there) may say more.';
const AGAIN = 'Run the cell again.';
const MORE_MEMORY = 'Ask for more memory, or handle less data at once.';
const LAUNCH = 'Check the target’s python and setup lines: `sluice doctor` tries them.';

/** The scheduler's words for state and reason. */
export function tokenOf({ token, reasonToken }: JobReport): string {
  return reasonToken === null || reasonToken === 'None' ? token : `${token} (${reasonToken})`;
}

function canceledWords(report: JobReport, cancelRequested: boolean, started: boolean): Words {
  // Slurm names a node for what began; a machine's own jobs have one from the start.
  const hasBegun = started || (report.node !== null && report.startedAt !== undefined);
  const when = hasBegun ? 'while it ran' : 'before it began';
  const { kind, name } = report.canceledBy ?? { kind: null, name: null };
  if (kind === 'admin') {
    return ['canceled-by-admin', `An administrator canceled it ${when}.`, 'Ask your site why.'];
  }
  if (kind === 'other') {
    return ['canceled-by-other', `${name ?? 'Another user'} canceled it ${when}.`, null];
  }
  if (cancelRequested) {
    return ['canceled', `Canceled by you ${when}.`, null];
  }
  return kind === 'you'
    ? ['canceled-outside', `You canceled it ${when}, not through Sluice.`, null]
    : ['canceled-outside', `Canceled on the cluster ${when}, not from here.`, null];
}

function timeWords({ token, reasonToken }: JobReport): Words {
  return /^(DEADLINE|DL)/i.test(token) || reasonToken === 'DeadLine'
    ? [
        'deadline',
        'It could not end before its deadline.',
        'Change `--deadline`, or ask for less time.'
      ]
    : ['time-limit', 'The job reached its time limit.', 'Ask for more time.'];
}

function nodeWords({ token, node }: JobReport): Words {
  if (/^(BOOT_FAIL|BF)/i.test(token)) {
    return ['boot-failed', 'A node could not be started for it.', AGAIN];
  }
  return token === 'REBOOTED'
    ? ['node', 'The machine was started again while it ran.', AGAIN]
    : ['node', `The node ${node === null ? '' : `${node} `}failed.`, AGAIN];
}

function failedWords({ exitCode, signal }: JobReport): Words {
  if (signal !== null) {
    return [
      'signal',
      `The job was ended by ${signalName(signal)}, before its cell had ended.`,
      LOG
    ];
  }
  const status = exitCode === null ? '' : ` with exit status ${exitCode}`;
  return ['exit-code', `The job ended${status} before its cell had ended.`, LOG];
}

function neverBegan({ exitCode, signal }: JobReport): Words {
  const status = signal === null ? exitCode : `signal ${signal}`;
  const how = status === null ? '' : ` (${status})`;
  const where =
    signal === 53 ? 'Slurm could not open its folder or log on the node.' : 'See job.log there.';
  return [
    'launch-failed',
    `The job ended${how} before its Python said anything: a setup line, the python, or the node failed.`,
    `${where} ${LAUNCH}`
  ];
}

function exitWords({ status }: ExitRecord): Words {
  if (status > 128) {
    const hint = status === 137 ? `${MORE_MEMORY} ${LOG}` : LOG;
    return [
      'signal',
      `Python was ended by ${signalName(status - 128)}, before its cell had ended.`,
      hint
    ];
  }
  return ['exit-code', `Python ended with exit status ${status}, before its cell had ended.`, LOG];
}

function noPython(status: number, python: string | null): Words {
  const which = python === null ? 'the python of the target' : `“${python}”`;
  return status === 127
    ? ['launch-failed', `There is no ${which} where the job ran.`, LAUNCH]
    : [
        'launch-failed',
        `The job could not run ${which}: it is no program, or not allowed.`,
        LAUNCH
      ];
}

const words = makeReason;

/** Why a task ended, in words, each with the scheduler's token where it spoke. */
export const endReason = {
  canceled: (report: JobReport, cancelRequested: boolean, started: boolean): Reason =>
    words(canceledWords(report, cancelRequested, started), tokenOf(report)),
  requeued: (report: JobReport | null): Reason =>
    words(
      ['requeued', 'The scheduler started it again.', null],
      report === null ? null : tokenOf(report)
    ),
  timedOut: (report: JobReport): Reason => words(timeWords(report), tokenOf(report)),
  /** The worker was told in time, and saved what was there. */
  timeUp: (report: JobReport | null): Reason =>
    words(
      [
        'time-limit',
        'The job reached its time limit; what the cell had by then was saved.',
        'Ask for more time, or go on from what was saved.'
      ],
      report === null ? null : tokenOf(report)
    ),
  memory: (report: JobReport): Reason =>
    words(['memory', 'The job used more memory than it asked for.', MORE_MEMORY], tokenOf(report)),
  kernelMemory: (): Reason =>
    words(
      [
        'memory-kernel',
        'The node’s kernel killed its Python: the job’s memory was used up.',
        MORE_MEMORY
      ],
      null
    ),
  pythonMemory: ({ ename, evalue }: EndRecord): Reason =>
    words(
      [
        'memory-python',
        `Python could get no more memory: ${ename ?? 'MemoryError'}${evalue ? `: ${evalue}` : ''}`,
        MORE_MEMORY
      ],
      null
    ),
  node: (report: JobReport): Reason => words(nodeWords(report), tokenOf(report)),
  preempted: (report: JobReport): Reason =>
    words(
      ['preempted', 'A job of higher priority took its place; it is queued again.', null],
      tokenOf(report)
    ),
  preemptedForGood: (report: JobReport): Reason =>
    words(
      [
        'preempted',
        'A job of higher priority took its place, and it was not queued again.',
        'Run it again, with `requeue` or on a partition where that does not happen.'
      ],
      tokenOf(report)
    ),
  failed: (report: JobReport): Reason => words(failedWords(report), tokenOf(report)),
  neverBegan: (report: JobReport): Reason => words(neverBegan(report), tokenOf(report)),
  exit: (exit: ExitRecord): Reason => words(exitWords(exit), null),
  noPython: (exit: ExitRecord, python: string | null): Reason =>
    words(noPython(exit.status, python), null),
  pythonFailed: ({ status }: ExitRecord): Reason =>
    words(
      [
        'launch-failed',
        `Python ended with exit status ${status} before it could run anything.`,
        `See job.log there. ${LAUNCH}`
      ],
      null
    ),
  workerSignal: (signal: number): Reason =>
    words(['signal', `It was ended by ${signalName(signal)}.`, LOG], null),
  workerExit: (status: number): Reason =>
    words(['exit-code', `It ended with exit status ${status}.`, null], null),
  /** The worker had saved all; what came after is told, and changes nothing. */
  leftBadly: (exit: ExitRecord | null, report: JobReport | null): Reason => {
    const token = report === null ? null : tokenOf(report);
    const how = exit === null ? (token ?? 'an error') : `exit status ${exit.status}`;
    return words(
      ['left-badly', `All was done and saved; only then its job ended with ${how}.`, null],
      token
    );
  },
  terminated: (report: JobReport | null): Reason =>
    words(
      ['terminated', 'The job was told to stop by someone or something else than Sluice.', AGAIN],
      report === null ? null : tokenOf(report)
    )
} as const;
