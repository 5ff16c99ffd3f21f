import { SluiceError } from '../../shared/errors';
import type { JobPlace, JobSpec, SubmitOutcome } from '../schedulers/scheduler';
import type { Place } from '../store/task-record';
import { isFull } from '../sync/room';
import type { ITransport } from '../transports/transport';
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

/** `now`: an attempt is on its way; then, of one that failed: it handed nothing over, or may have. */
export type Heard = 'now' | 'nothing' | 'maybe';

export type SubmitContext = {
  /** For messages. */
  target: string;
  signal: AbortSignal;
  /** `run.json`; absent: none is written. */
  note?: string;
  /** Told what an attempt means for the scheduler, before it and when it failed. */
  heard: (what: Heard) => void;
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
   * Errors: `sbatch-refused`; `disk-full` and `root-unusable` where nothing was handed over; at once where the host waits for a person; the transport's once the retries are used up (then no job may be assumed missing);
   * the signal's reason.
   */
  async submit(
    place: Place,
    job: JobSpec,
    spec: string,
    context: SubmitContext
  ): Promise<Submission> {
    const { clock, hosts, retrying } = this.options;
    const { signal, heard } = context;
    const transport = hosts.transport(place);
    for (let tries = 0; ; tries += 1) {
      signal.throwIfAborted();
      heard('now');
      try {
        return await this.once(place, job, spec, context);
      } catch (error) {
        heard(handedNothing(error, transport) ? 'nothing' : 'maybe');
        const waitMs = RETRY_MS[tries];
        const isPassing = error instanceof SluiceError && error.entry.retry;
        const isLogin = waitsForPerson(error, transport);
        if (!isPassing || isLogin || waitMs === undefined || signal.aborted) {
          throw error;
        }
        retrying(job.key, error);
        await clock.delay(waitMs, signal);
      }
    }
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
    { target, heard, note }: SubmitContext
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
        heard('maybe');
        const jobId = await this.search(place, job);
        return jobId === null ? outcome : { kind: 'accepted', jobId };
      }
    }
  }
}

/** Whether a failed attempt handed nothing over for certain. */
function handedNothing(error: unknown, transport: ITransport): boolean {
  if (!(error instanceof SluiceError)) {
    return false;
  }
  // What does not pass by itself was said before anything was handed over, or is the scheduler's own no.
  const { retry } = error.entry;
  return !retry || error.code === 'slurm-unavailable' || waitsForPerson(error, transport);
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
