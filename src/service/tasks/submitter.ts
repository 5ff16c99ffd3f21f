import { SluiceError } from '../../shared/errors';
import type { JobPlace, JobSpec, SubmitOutcome } from '../schedulers/scheduler';
import type { Place } from '../store/task-record';
import { isFull } from '../sync/room';
import { buildHandOver, unwrittenWords } from './build-job';
import type { IClock } from './clock';
import type { Hosts } from './hosts';
import { waitsForPerson } from './login-wait';
import { toAnswer } from './poller';

/** `sbatch` itself retries for two minutes; cutting it off sooner makes doubt. */
const SUBMIT_TIMEOUT_MS = 240_000;
const SEARCH_TIMEOUT_MS = 60_000;
const RETRY_MS = [1000, 3000, 10_000, 30_000, 60_000] as const;

export type Submission =
  | { kind: 'accepted'; jobId: string }
  /** The run was given up before: nothing was submitted, and nothing will be. */
  | { kind: 'fenced'; message: string }
  | { kind: 'unclear'; message: string };

export type SubmitContext = {
  /** For messages. */
  target: string;
  signal: AbortSignal;
  /** `run.json`; absent: none is written. */
  note?: string;
  /** Told when an attempt failed that may have reached the scheduler. */
  inDoubt: () => void;
};

export type SubmitterOptions = {
  hosts: Hosts;
  clock: IClock;
  /** Told when an attempt failed and another follows. */
  retrying: (key: string, error: SluiceError) => void;
};

/** Hands a job over at most once, whatever is lost on the way. */
export class Submitter {
  constructor(private readonly options: SubmitterOptions) {}

  /**
   * Submit, or find what an earlier call submitted: the stub on the host makes repeating safe, so
   * a lost answer is asked for again.
   *
   * Errors: `sbatch-refused`; `disk-full` and `root-unusable` where nothing was handed over; at once where the host waits for a person; the transport's once the retries are used up (then no job may be assumed missing).
   */
  async submit(
    place: Place,
    job: JobSpec,
    spec: string,
    context: SubmitContext
  ): Promise<Submission> {
    const { clock, hosts } = this.options;
    const { signal, inDoubt } = context;
    const isLogin = (error: unknown): boolean => waitsForPerson(error, hosts.transport(place));
    for (const waitMs of RETRY_MS) {
      try {
        return await this.once(place, job, spec, context);
      } catch (error) {
        const isPassing = error instanceof SluiceError && error.entry.retry;
        if (!isPassing || isLogin(error)) {
          throw error;
        }
        // Without a controller nothing was handed over by this try.
        if (error.code !== 'slurm-unavailable') {
          inDoubt();
        }
        if (signal.aborted) {
          throw error;
        }
        this.options.retrying(job.key, error);
        await clock.delay(waitMs, signal);
      }
    }
    return this.once(place, job, spec, context);
  }

  /** Look for a job of this key whose answer was lost. */
  async search(place: Place, job: JobPlace): Promise<string | null> {
    const scheduler = this.options.hosts.scheduler(place.scheduler);
    const transport = this.options.hosts.transport(place);
    const text = scheduler.buildSearch(job);
    const action = 'look for the job';
    const result = await transport.run(text, { action, timeoutMs: SEARCH_TIMEOUT_MS });
    const outcome = scheduler.parseSearch(toAnswer(result));
    return outcome.kind === 'answered' ? (outcome.reports[0]?.jobId ?? null) : null;
  }

  private async once(
    place: Place,
    job: JobSpec,
    spec: string,
    { target, inDoubt, note }: SubmitContext
  ): Promise<Submission> {
    const scheduler = this.options.hosts.scheduler(place.scheduler);
    const transport = this.options.hosts.transport(place);
    const text = buildHandOver(scheduler, job, spec, note);
    const result = await transport.run(text, {
      action: 'submit the job',
      timeoutMs: SUBMIT_TIMEOUT_MS
    });
    const words = unwrittenWords(result.stdout.toString());
    if (words !== null) {
      throw unwritten(words, { host: transport.host, root: place.root, target });
    }
    const outcome: SubmitOutcome = scheduler.parseSubmit(toAnswer(result));
    switch (outcome.kind) {
      case 'accepted':
      case 'fenced':
        return outcome;
      case 'refused':
        throw new SluiceError('sbatch-refused', { stderr: outcome.message });
      case 'unavailable': {
        const { message: stderr } = outcome;
        throw new SluiceError('slurm-unavailable', { host: transport.host, stderr });
      }
      case 'unclear': {
        inDoubt();
        const jobId = await this.search(place, job);
        return jobId === null ? outcome : { kind: 'accepted', jobId };
      }
    }
  }
}

/** The run's files could not be written, so that nothing was handed over. */
function unwritten(
  problem: string,
  { target, ...place }: { host: string; root: string; target: string }
): SluiceError {
  return isFull(problem)
    ? new SluiceError('disk-full', { ...place, target, problem, bytes: 'the files of the run' })
    : new SluiceError('root-unusable', { ...place, problem });
}
