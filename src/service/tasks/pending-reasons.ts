import { limitReason } from './limit-reason';

/** A reason without its token: its code, what it means, and what the person can do. */
export type Words = readonly [code: string, message: string, hint: string | null];

const FEWER = 'Ask for less, or choose another partition or QOS.';
const HELD = 'Release it with `scontrol release`, or cancel it.';
const OTHER_QUEUE = 'Wait, or choose another partition.';
const ASK_SITE = 'Ask your site, or cancel it.';
const HELD_REQUEUED = 'Look at its log, then release it with `scontrol release`, or cancel it.';

/** Slurm's words for a waiting job; limits of accounts and QOS are a pattern of their own. */
const PENDING: Readonly<Record<string, Words>> = {
  None: ['waiting', 'Waiting for the scheduler to look at it.', null],
  Prolog: ['starting', 'Its nodes are being made ready.', null],
  Cleaning: ['starting', 'Its former start is being cleaned up.', null],
  SchedDefer: ['waiting', 'The scheduler looks at it in its next round.', null],
  Priority: ['priority', 'Other jobs are ahead in the queue.', null],
  Resources: ['resources', 'Waiting for free nodes.', 'A smaller or shorter job may start sooner.'],
  Dependency: ['dependency', 'Waiting for another job to end.', null],
  DependencyNeverSatisfied: [
    'dependency-never',
    'The job it waits for failed; it will never start.',
    'Cancel it.'
  ],
  JobHeldUser: ['held', 'You hold this job.', HELD],
  JobHeldAdmin: ['held-admin', 'An administrator holds this job.', ASK_SITE],
  JobHoldMaxRequeue: [
    'held-requeued',
    'It was started again as often as the site allows, and is held now.',
    HELD_REQUEUED
  ],
  BeginTime: ['begin-time', 'Waiting for its begin time (after a requeue: two minutes).', null],
  Licenses: ['licenses', 'Waiting for a software license.', null],
  ReqNodeNotAvail: [
    'maintenance',
    'A node that it needs is not available, perhaps for maintenance.',
    'A job that ends before the maintenance may start sooner: ask for less time.'
  ],
  Reservation: ['reservation', 'Waiting for its reservation to begin.', null],
  ReservationDeleted: [
    'reservation',
    'Its reservation was deleted; it will not start.',
    'Cancel it.'
  ],
  ReservationInvalid: [
    'reservation',
    'It may not use the reservation it names; it will not start.',
    'Cancel it, and correct `--reservation`.'
  ],
  PartitionDown: ['partition', 'The partition is down.', OTHER_QUEUE],
  PartitionInactive: ['partition', 'The partition starts no jobs now.', OTHER_QUEUE],
  PartitionConfig: [
    'limit',
    'The partition does not take such a job: its account, QOS, or amounts.',
    'Change the resources, or choose another partition.'
  ],
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
  MaxMemPerLimit: ['limit', 'It asks for more memory than one CPU or node may have here.', FEWER],
  FrontEndDown: ['node', 'The front end that starts its jobs is down.', ASK_SITE],
  NodeDown: ['node', 'A node that it needs is down.', OTHER_QUEUE],
  PowerNotAvail: ['power', 'Waiting for electric power.', null],
  PowerReserved: ['power', 'Waiting for electric power that is reserved.', null],
  BadConstraints: [
    'constraint',
    'No node fits what the job asks for.',
    'Change the constraint or resources.'
  ],
  Constraints: ['constraint', 'No node fits what the job asks for now.', 'Change the constraint.'],
  AccountNotAllowed: [
    'account',
    'The partition does not take this account.',
    'Change the account.'
  ],
  QOSNotAllowed: ['qos', 'The partition does not take this QOS.', 'Change the QOS.'],
  InvalidAccount: [
    'account',
    'The account is not valid (any more).',
    'Cancel it, and change the account.'
  ],
  InvalidQOS: ['qos', 'The QOS is not valid (any more).', 'Cancel it, and change the QOS.'],
  AccountingPolicy: ['limit', 'A rule of your account or QOS holds it back.', ASK_SITE],
  AssociationJobLimit: ['limit', 'Your account has as many jobs as it may have.', null],
  AssociationResourceLimit: ['limit', 'Your account’s share of resources is in use.', null],
  AssociationTimeLimit: [
    'limit',
    'It asks for more time than your account allows.',
    'Ask for less time.'
  ],
  QOSJobLimit: ['limit', 'The QOS has as many jobs as it may have.', null],
  QOSResourceLimit: ['limit', 'The QOS’s share of resources is in use.', null],
  QOSTimeLimit: ['limit', 'It asks for more time than the QOS allows.', 'Ask for less time.'],
  QOSUsageThreshold: [
    'limit',
    'You have used too much lately for this QOS.',
    'Choose another QOS.'
  ],
  JobArrayTaskLimit: ['limit', 'As many parts of its array run as may run at once.', null],
  BurstBufferResources: ['burst-buffer', 'Waiting for room in the burst buffer.', null],
  BurstBufferStageIn: ['burst-buffer', 'Its files are being brought into the burst buffer.', null],
  BurstBufferOperation: ['burst-buffer', 'The burst buffer refused its files.', ASK_SITE],
  FedJobLock: [
    'federation',
    'Waiting until the clusters have settled which of them runs it.',
    null
  ],
  SystemFailure: ['launch-failed', 'A failure of Slurm keeps it from starting.', ASK_SITE],
  JobLaunchFailure: ['launch-failed', 'It could not be started on its node.', HELD_REQUEUED]
};

/** Sentences that Slurm gives instead of a token. */
const SENTENCES: readonly (readonly [RegExp, Words])[] = [
  [
    /launch failed requeued held/,
    [
      'launch-failed',
      'It could not be started on its node, perhaps for a fault of that node, and is held.',
      'Release it with `scontrol release` to try again, or cancel it; tell your site if it repeats.'
    ]
  ],
  [
    /requeued in held state|requeued held|requeue hold/,
    ['held-requeued', 'It was started again and is held.', HELD_REQUEUED]
  ],
  [
    /nodes required for job are down, drained or reserved/,
    ['node', 'The nodes it needs are down, drained or reserved for others.', OTHER_QUEUE]
  ],
  [
    /may be reserved for other job/,
    ['reservation', 'A node that it needs may be reserved for another job.', OTHER_QUEUE]
  ]
];

function bySentence(token: string): Words | undefined {
  const words = token.replaceAll('_', ' ').toLowerCase();
  return SENTENCES.find(([pattern]) => pattern.test(words))?.[1];
}

/** “ReqNodeNotAvail, UnavailableNodes:node[3-4]” names the nodes. */
function withNodes([code, message, hint]: Words, token: string): Words {
  const [, nodes] = /UnavailableNodes:(\S+?)\)?$/.exec(token) ?? [];
  return nodes === undefined
    ? [code, message, hint]
    : [code, `${message} Not available: ${nodes}.`, hint];
}

/** Why a job waits, from Slurm's reason, whatever release it is of. */
export function pendingReason(token: string): Words {
  const first = token.replace(/[,( ].*$/, '');
  const known = PENDING[token] ?? bySentence(token) ?? PENDING[first] ?? limitReason(first);
  return known === null ? ['waiting', 'Waiting in the queue.', null] : withNodes(known, token);
}
