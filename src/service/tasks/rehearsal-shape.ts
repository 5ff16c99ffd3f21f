import { SluiceError } from '../../shared/errors';
import type { Resources } from '../../shared/wire/resources';
import type { JobSpec, TestOutcome } from '../schedulers/scheduler';
import { secondsOf } from '../schedulers/time-limit';
import type { Target } from '../targets/target';
import type { Hosts } from './hosts';
import { toAnswer } from './poller';
import { withTime } from './smaller-shapes';

const TIME = '0:05:00';
const TIME_SECONDS = 300;
/** Each question is an `sbatch --test-only`, which a site pays for. */
const MOST_QUEUES = 8;
const TIMEOUT_MS = 30_000;
const SETS_NODES = /^(?:--nodes(?:=|$)|-N)/;
const SETS_QUEUE = /^(?:--partition(?:=|$)|-p)/;

/** The shape of a job that only rehearses: one node, for five minutes at most. */
export function shortShape(asked: Resources): Resources {
  const one = { ...asked };
  delete one.nodes;
  delete one.sbatch;
  const others = asked.sbatch?.filter(option => !SETS_NODES.test(option)) ?? [];
  if (others.length > 0) {
    one.sbatch = others;
  }
  return secondsOf(one) > TIME_SECONDS ? withTime(one, TIME) : one;
}

/** Whether the person or the target has chosen a queue. */
export function namesQueue({ partition, sbatch = [] }: Resources): boolean {
  return partition !== undefined || sbatch.some(option => SETS_QUEUE.test(option));
}

/** Which of several outcomes starts soonest, the first of those that start together; -1: none. */
export function soonest(outcomes: readonly TestOutcome[]): number {
  const starts = outcomes.map(({ accepted, estimatedStart }) =>
    accepted && estimatedStart !== null ? Date.parse(estimatedStart) : Infinity
  );
  const first = Math.min(...starts);
  return Number.isFinite(first) ? starts.indexOf(first) : -1;
}

function sampleJob({ root, setup, python }: Target, resources: Resources): JobSpec {
  return {
    key: 'sl-rehearsal',
    root,
    directory: `${root}/runs/sl-rehearsal`,
    setup,
    python: python ?? 'python3',
    workerPath: `${root}/worker/…`,
    resources
  };
}

async function inSoonestQueue(hosts: Hosts, target: Target, shape: Resources): Promise<Resources> {
  const scheduler = hosts.scheduler(target.scheduler);
  const ask = scheduler.buildQueues();
  if (ask === null) {
    return shape;
  }
  const transport = hosts.transport(target);
  const run = async (text: string): ReturnType<typeof transport.run> =>
    transport.run(text, { action: 'look for the shortest queue', timeoutMs: TIMEOUT_MS });
  const queues = scheduler.parseQueues(toAnswer(await run(ask))).slice(0, MOST_QUEUES);
  // First the queue that the site has chosen, which wins where others are no better.
  const shapes = [shape, ...queues.map(partition => ({ ...shape, partition }))];
  const jobs = shapes.map(resources => sampleJob(target, resources));
  const test = scheduler.buildTest(jobs);
  if (queues.length < 2 || test === null) {
    return shape;
  }
  const outcomes = scheduler.parseTest(toAnswer(await run(test)), jobs);
  return shapes[soonest(outcomes)] ?? shape;
}

/**
 * What a rehearsal on a target asks for: little, and in the queue where it starts soonest unless
 * one is named. A host that does not tell leaves it to its own choice of queue.
 */
export async function rehearsalShape(
  hosts: Hosts,
  target: Target,
  asked: Resources
): Promise<Resources> {
  const shape = shortShape(asked);
  if (target.scheduler !== 'slurm' || namesQueue(shape)) {
    return shape;
  }
  try {
    return await inSoonestQueue(hosts, target, shape);
  } catch (error) {
    if (error instanceof SluiceError) {
      // What keeps it from being reached, the preparing will meet and say.
      return shape;
    }
    throw error;
  }
}
