import type { Answer, IScheduler, JobRef, QueryOutcome } from '../schedulers/scheduler';
import type { ITransport } from '../transports/transport';
import type { IClock } from './clock';
import { untilConnected, waitsForPerson } from './login-wait';

export type PollerOptions = {
  transport: ITransport;
  scheduler: IScheduler;
  clock: IClock;
  /** Jobs that the scheduler shall be asked about, and when at the latest. */
  due: () => { jobs: JobRef[]; inMs: number };
  answered: (outcome: QueryOutcome, jobs: readonly JobRef[]) => void;
  failed: (error: unknown) => void;
};

const TIMEOUT_MS = 60_000;
/** Between two questions, whatever happens. */
const FLOOR_MS = 1000;
const AFTER_FAILURE_MS = 15_000;

/** A transport's result as schedulers read it. */
export function toAnswer(result: { status: number; stdout: Buffer; stderr: string }): Answer {
  return { ...result, stdout: result.stdout.toString() };
}

/** The one who asks a cluster's scheduler: one batched question for all jobs. */
export class Poller {
  private running = false;
  private nap = new AbortController();
  private readonly stop = new AbortController();

  constructor(private readonly options: PollerOptions) {}

  /** There are jobs, or one became more urgent. */
  stir(): void {
    this.nap.abort();
    if (!this.running && !this.stop.signal.aborted) {
      this.running = true;
      void this.loop();
    }
  }

  close(): void {
    this.stop.abort();
    this.nap.abort();
  }

  private async loop(): Promise<void> {
    const { due } = this.options;
    let restMs = 0;
    while (!this.stop.signal.aborted) {
      await this.rest(restMs);
      const { jobs, inMs } = due();
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

  private async rest(ms: number): Promise<void> {
    if (ms > 0) {
      await this.options.clock.delay(ms, this.nap.signal);
    }
    if (this.nap.signal.aborted) {
      this.nap = new AbortController();
    }
  }

  /** Ask once; how long to wait at the least before the next question. */
  private async ask(jobs: JobRef[]): Promise<number> {
    const { transport, scheduler, answered, failed } = this.options;
    try {
      const action = 'ask for the state of the jobs';
      const text = scheduler.buildQuery(jobs);
      const result = await transport.run(text, { action, timeoutMs: TIMEOUT_MS });
      answered(scheduler.parseQuery(toAnswer(result), jobs), jobs);
      return FLOOR_MS;
    } catch (error) {
      failed(error);
      if (waitsForPerson(error, transport)) {
        await untilConnected(transport, this.stop.signal);
        return 0;
      }
      return AFTER_FAILURE_MS;
    }
  }
}
