import { SluiceError } from '../../shared/errors';
import type { Answer, IScheduler, JobRef, QueryOutcome } from '../schedulers/scheduler';
import type { ITransport } from '../transports/transport';
import type { IClock } from './clock';
import { untilConnected, waitsForPerson } from './login-wait';
import { Nap } from './nap';
import { afterQuestion, deadlineMs, noHistory, type PollHistory } from './poll-history';
import type { PollPlan } from './poll-plan';

export type PollerOptions = {
  transport: ITransport;
  scheduler: IScheduler;
  clock: IClock;
  /** The least time between two questions that the person or the site wants. */
  floorMs: () => Promise<number>;
  /** Jobs that the scheduler shall be asked about, and when. */
  due: (history: PollHistory, floorMs: number) => PollPlan;
  /** Told of each outcome; whether it says anything new. */
  answered: (outcome: QueryOutcome, jobs: readonly JobRef[]) => boolean;
  failed: (error: unknown) => void;
};

/** Between two questions, whatever happens. */
const SHORTEST_GAP_MS = 1000;
const AFTER_FAILURE_MS = 15_000;

/** A transport's result as schedulers read it. */
export function toAnswer(result: { status: number; stdout: Buffer; stderr: string }): Answer {
  return { ...result, stdout: result.stdout.toString() };
}

/** The one who asks a cluster's scheduler: one batched question for all jobs. */
export class Poller {
  private running = false;
  private readonly nap: Nap;
  private history = noHistory;
  private readonly stop = new AbortController();

  constructor(private readonly options: PollerOptions) {
    this.nap = new Nap(options.clock);
  }

  /** There are jobs, or one became more urgent. */
  stir(): void {
    this.nap.wake();
    if (!this.running && !this.stop.signal.aborted) {
      this.running = true;
      void this.loop();
    }
  }

  close(): void {
    this.stop.abort();
    this.nap.wake();
  }

  private async loop(): Promise<void> {
    const { due, floorMs } = this.options;
    let restMs = 0;
    while (!this.stop.signal.aborted) {
      await this.nap.rest(restMs);
      const { jobs, inMs } = due(this.history, await floorMs());
      if (jobs.length === 0) {
        break;
      }
      if (inMs > 0) {
        restMs = inMs;
        continue;
      }
      restMs = await this.ask(jobs);
    }
    this.running = false;
  }

  /** Ask once; how long to wait at the least before the next question. */
  private async ask(jobs: JobRef[]): Promise<number> {
    const { transport, clock, failed } = this.options;
    const beganAtMs = clock.elapsedMs();
    const note = (isAnswered: boolean, isNews: boolean): void => {
      const trial = { beganAtMs, overAtMs: clock.elapsedMs(), isAnswered, isNews };
      this.history = afterQuestion(this.history, trial);
    };
    try {
      const { isAnswered, isNews } = await this.exchange(jobs);
      note(isAnswered, isNews);
      return SHORTEST_GAP_MS;
    } catch (error) {
      failed(error);
      if (waitsForPerson(error, transport)) {
        await untilConnected(transport, this.stop.signal);
        return 0;
      }
      if (error instanceof SluiceError && error.code === 'remote-timeout') {
        note(false, false);
      }
      return AFTER_FAILURE_MS;
    }
  }

  private async exchange(jobs: JobRef[]): Promise<{ isAnswered: boolean; isNews: boolean }> {
    const { transport, scheduler, answered } = this.options;
    const action = 'ask for the state of the jobs';
    const timeoutMs = deadlineMs(this.history);
    const result = await transport.run(scheduler.buildQuery(jobs), { action, timeoutMs });
    const outcome = scheduler.parseQuery(toAnswer(result), jobs);
    return { isAnswered: outcome.kind === 'answered', isNews: answered(outcome, jobs) };
  }
}
