import { type Problem, SluiceError } from '../../shared/errors';
import type { Reason } from '../../shared/wire/task';
import type { JobReport } from '../schedulers/scheduler';

type Words = readonly [code: string, message: string, hint: string | null];

/** Slurm's words for a waiting job, as a person would say them. */
const PENDING: Readonly<Record<string, Words>> = {
  Priority: ['priority', 'Other jobs are ahead in the queue.', null],
  Resources: ['resources', 'Waiting for free nodes.', 'A smaller or shorter job may start sooner.'],
  Dependency: ['dependency', 'Waiting for another job to end.', null],
  DependencyNeverSatisfied: [
    'dependency',
    'The job it waits for failed; it will never start.',
    'Cancel it.'
  ],
  JobHeldUser: ['held', 'You hold this job.', 'Release it with `scontrol release`.'],
  JobHeldAdmin: ['held', 'An administrator holds this job.', 'Ask your site.'],
  BeginTime: ['begin-time', 'Waiting for its begin time (after a requeue: two minutes).', null],
  ReqNodeNotAvail: [
    'maintenance',
    'A node that it needs is not available, perhaps for maintenance.',
    null
  ],
  Reservation: ['maintenance', 'Waiting for a reservation.', null],
  PartitionDown: ['partition', 'The partition is down.', 'Choose another partition.'],
  PartitionTimeLimit: [
    'limit',
    'The time asked for is over the partition’s limit.',
    'Ask for less time.'
  ],
  PartitionNodeLimit: [
    'limit',
    'The partition does not allow that many nodes.',
    'Ask for fewer nodes.'
  ],
  AssocGrpCpuLimit: ['limit', 'Your account’s CPUs are all in use.', null],
  QOSMaxJobsPerUserLimit: ['limit', 'You have as many running jobs as this QOS allows.', null],
  BadConstraints: [
    'constraint',
    'No node fits what the job asks for.',
    'Change the constraint or resources.'
  ],
  launch: ['launch-failed', 'The job could not be started.', null]
};

function pendingReason(token: string): Words {
  const known = PENDING[token] ?? PENDING[token.replace(/[,(].*$/, '')];
  if (known !== undefined) {
    return known;
  }
  return /Limit/.test(token)
    ? ['limit', 'A limit of your account, QOS or partition holds it back.', null]
    : ['waiting', 'Waiting in the queue.', null];
}

function make([code, message, hint]: Words, token: string | null): Reason {
  return { code, message, hint, token };
}

function fromReport(report: JobReport, cancelRequested: boolean): Reason | null {
  const { state, token, reasonToken, exitCode, signal, node, estimatedStart } = report;
  const word = reasonToken === null || reasonToken === 'None' ? token : `${token} (${reasonToken})`;
  switch (state) {
    case 'pending': {
      const [code, message, hint] = pendingReason(reasonToken ?? '');
      const estimate = estimatedStart === null ? '' : ` Estimated start: ${estimatedStart}.`;
      return make([code, message + estimate, hint], reasonToken ?? token);
    }
    case 'preempted':
      return make(
        ['preempted', 'A job of higher priority took its place; it is queued again.', null],
        word
      );
    case 'canceled':
      return make(
        cancelRequested
          ? ['canceled', 'Canceled by you.', null]
          : ['canceled', 'Canceled on the cluster, not from here.', null],
        word
      );
    case 'timed-out':
      return make(['time-limit', 'The job reached its time limit.', 'Ask for more time.'], word);
    case 'out-of-memory':
      return make(
        ['memory', 'The job used more memory than it asked for.', 'Ask for more memory.'],
        word
      );
    case 'node-failed':
      return make(['node', `The node ${node ?? ''} failed.`, 'Run the cell again.'], word);
    case 'failed': {
      const how = signal
        ? `was ended by signal ${signal}`
        : `ended with exit status ${exitCode ?? '?'}`;
      return make(
        ['exit-code', `The job ${how} before the cell had ended.`, 'Its log may say more.'],
        word
      );
    }
    case 'running':
    case 'completed':
    case 'other':
      return null;
  }
}

/** What to do about an exception of a job that found no room to write; null: it was another one. */
function roomHint(words: string): string | null {
  const more = 'make room, then run it again; `sluice clean` shows what Sluice could remove.';
  if (/No space left on device/i.test(words)) {
    return `The disk there is full: ${more}`;
  }
  return /Dis[ck] quota exceeded/i.test(words) ? `Your quota there is used up: ${more}` : null;
}

/** Why a host waits for a person, as part of a sentence. */
function whyLogin(error: SluiceError): string {
  switch (error.code) {
    case 'needs-login':
      return String(error.details['problem'] ?? 'a person is needed');
    case 'login-canceled':
      return 'the last login was given up';
    default:
      return error.message;
  }
}

/** Reasons in words, each with the scheduler's own token beside it where there is one. */
export const reasonOf = {
  report: fromReport,
  problem: ({ code, message, hint, details }: Problem): Reason => ({
    code,
    message,
    hint,
    token: null,
    details
  }),
  /** The host waits for a person; nothing is lost, and the task goes on after a login. */
  needsLogin: (host: string, target: string, why: SluiceError | string): Reason => {
    const words = typeof why === 'string' ? why : whyLogin(why);
    // What says so already is not said twice.
    const problem = words.replace(/^The host .*? asks for a login: /, '').replace(/\.$/, '');
    return reasonOf.problem(new SluiceError('needs-login', { host, target, problem }).toProblem());
  },
  /** Nothing is heard of the host, whatever the last try of it met; the job goes on there. */
  outOfTouch: (host: string, error: unknown): Reason => {
    const said = error instanceof SluiceError ? error.details['problem'] : undefined;
    // What may be wrong with a host that never answered is no news of one that did.
    const [problem = ''] = (typeof said === 'string' ? said : 'nothing is heard from it').split(
      ';'
    );
    return reasonOf.problem(new SluiceError('connection-lost', { host, problem }).toProblem());
  },
  exception: (ename: string, evalue: string): Reason =>
    make(['exception', evalue === '' ? ename : `${ename}: ${evalue}`, roomHint(evalue)], null),
  canceledByYou: (): Reason => make(['canceled', 'Canceled by you.', null], null),
  terminated: (): Reason =>
    make(['terminated', 'The job was told to stop; the scheduler does not say why.', null], null),
  noEndRecord: (): Reason =>
    make(
      [
        'no-end-record',
        'The job is over, but its worker left no word of how it ended.',
        'Look at its log.'
      ],
      null
    ),
  absent: (): Reason =>
    make(
      [
        'absent',
        'The scheduler no longer knows the job, and its worker is silent.',
        'Look at its log, or cancel it.'
      ],
      null
    )
};
