import type { IScheduler, QueryOutcome } from '../schedulers/scheduler';
import type { RunFacts } from './fence';

/** What is found of a submit whose answer was lost. */
export type Finding =
  | { kind: 'job'; jobId: string }
  /** Nobody began to hand it over: it may be handed over again. */
  | { kind: 'open' }
  /** The scheduler said no, in these words. */
  | { kind: 'refused'; message: string }
  /** It was given up before anything could be submitted: nothing will be. */
  | { kind: 'over' }
  /** It cannot be decided; `problem` is part of a sentence. */
  | { kind: 'doubt'; problem: string };

/** `sbatch` tries for two minutes by itself; one that is older than this hands nothing over any more. */
const LONGEST_SUBMIT_S = 600;

const SCHEDULERS = { slurm: 'Slurm', process: 'the host' } as const;
const COMMANDS = { slurm: 'sbatch', process: 'the launcher' } as const;

/** The job that a run's own files name: stored, printed, or at work. */
export function jobInFiles(facts: RunFacts, scheduler: IScheduler): string | null {
  const { jobId, printed, owner } = facts;
  return jobId ?? scheduler.printedId(printed) ?? (owner.kind === 'job' ? owner.jobId : null);
}

/** Whether the submit command may have been started, so that the scheduler has to be asked. */
export function mayBeSubmitted({ isBegun, startedAt }: RunFacts): boolean {
  return isBegun && startedAt !== null;
}

function clockTime(seconds: number): string {
  return new Date(seconds * 1000).toTimeString().slice(0, 8);
}

function startWords({ startedAt, status, said }: RunFacts, command: string): string {
  if (startedAt === null) {
    return `the hand-over was cut off before ${command} was started, and may still go on there`;
  }
  const start = `${command} was started at ${clockTime(startedAt)}`;
  if (status === null) {
    return `${start}, and its answer was lost`;
  }
  const answer = said === '' ? `ended with status ${status}` : `said “${said.slice(0, 500)}”`;
  return `${start} and ${answer}`;
}

function searchWords(search: QueryOutcome, name: IScheduler['name']): string {
  if (name === 'process') {
    return 'no process of it is found';
  }
  if (search.kind === 'unanswered') {
    return `Slurm could not be asked for it: ${search.message.slice(0, 300)}`;
  }
  return search.books === undefined
    ? 'no job of that name is in the queue or in accounting'
    : 'no job of that name is in the queue, and accounting could not be asked';
}

/** What the submit command itself said, where it ended. */
function answerOf(facts: RunFacts, scheduler: IScheduler): Finding | null {
  if (facts.status === null) {
    return null;
  }
  const said = facts.said.split('\n').map(line => `sluice:said ${line}\n`);
  const stdout = `sluice:status ${facts.status}\n${said.join('')}`;
  const outcome = scheduler.parseSubmit({ status: 0, stdout, stderr: '' });
  return outcome.kind === 'refused' ? outcome : null;
}

/**
 * What the facts of a run and a search by its name say: the files first, since they are certain; then the
 * scheduler; and where neither knows the job, whether it may still turn up.
 */
export function judgeDoubt(facts: RunFacts, search: QueryOutcome, scheduler: IScheduler): Finding {
  const found = search.kind === 'answered' ? search.reports[0]?.jobId : undefined;
  const jobId = jobInFiles(facts, scheduler) ?? found;
  if (jobId !== undefined) {
    return { kind: 'job', jobId };
  }
  const answer = answerOf(facts, scheduler);
  if (answer !== null) {
    return answer;
  }
  if (facts.owner.kind === 'fenced' && isSettled(facts, search)) {
    return { kind: 'over' };
  }
  if (facts.owner.kind === 'free' && !facts.isBegun && search.kind === 'answered') {
    return { kind: 'open' };
  }
  const begun = facts.isBegun
    ? startWords(facts, COMMANDS[scheduler.name])
    : 'it is not known whether it arrived';
  return { kind: 'doubt', problem: `${begun}; ${searchWords(search, scheduler.name)}` };
}

/**
 * Whether a fenced run without a job can get none any more: its hand-over saw the fence, or will, or its
 * submit command is over and left no job. Only one that may still be at work is waited for.
 */
function isSettled(facts: RunFacts, search: QueryOutcome): boolean {
  const { status } = facts;
  if (!mayBeSubmitted(facts)) {
    return true;
  }
  return search.kind === 'answered' && (status !== null || settlesInS(facts) === 0);
}

/** In how many seconds the submit command of a run can be at work no more. */
function settlesInS({ startedAt, nowAt }: RunFacts): number {
  return startedAt === null ? 0 : Math.max(0, LONGEST_SUBMIT_S - Math.abs(nowAt - startedAt));
}

/** What giving up a fenced run waits for, in words that go on after "giving up:"; code of it never runs. */
export function giveUpWords(facts: RunFacts, scheduler: IScheduler['name']): string {
  const waitS = settlesInS(facts);
  const command = COMMANDS[scheduler];
  return facts.status === null && waitS > 0
    ? `nothing of it will run; how ${command} ended is not known, so its job is looked for until it can be at work no more, ${Math.ceil(waitS / 60)} min at most`
    : `nothing of it will run; ${SCHEDULERS[scheduler]} has to say that it has no job of it`;
}
