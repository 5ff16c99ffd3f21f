import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import type { DoctorReport, DoctorRequest } from '../../shared/wire/doctor';
import { DoctorRun } from './doctor-run';
import { Examination, type ExaminationParts } from './examination';
import type { ProposedKey } from './propose';
import { saveTarget } from '../targets/save-target';

export type DoctorOptions = ExaminationParts & {
  log: Logger;
  logPath: string;
  newId: () => string;
};

type Kept = { run: DoctorRun; keys: ProposedKey[]; done: Promise<void> };

/** Runs that are remembered, finished ones first to go. */
const MOST_RUNS = 30;

/** Looks targets over, and remembers what it found as long as the service lives. */
export class Doctor {
  private readonly runs = new Map<string, Kept>();

  constructor(private readonly options: DoctorOptions) {}

  /**
   * Begin to look at a target; what it finds is in the report as it grows. With `mayAsk`, one login may
   * ask a person.
   *
   * Errors: `request-invalid` when too many run.
   */
  start(request: DoctorRequest, mayAsk: boolean): DoctorReport {
    this.makeRoom();
    const id = this.options.newId();
    const run = new DoctorRun(id, request.target, this.options.clock.elapsedMs);
    const kept: Kept = { run, keys: [], done: Promise.resolve() };
    this.runs.set(id, kept);
    kept.done = this.examine(kept, request, mayAsk);
    return run.report;
  }

  /** Errors: `not-found`. */
  get(id: string): DoctorReport {
    return this.find(id).run.report;
  }

  /** The report once it is newer than `after`, at the latest after a while. Errors: `not-found`. */
  async wait(
    id: string,
    after: number,
    waitMs: number,
    signal: AbortSignal
  ): Promise<DoctorReport> {
    const { run } = this.find(id);
    if (run.report.version > after || run.isOver || waitMs === 0) {
      return run.report;
    }
    const waiting = new AbortController();
    const news = new Promise<void>(resolve => {
      const stop = run.listen(resolve);
      waiting.signal.addEventListener('abort', stop);
    });
    const late = this.options.clock.delay(waitMs, AbortSignal.any([waiting.signal, signal]));
    await Promise.race([news, late]);
    waiting.abort();
    return run.report;
  }

  /** End a run, and its job with it. Errors: `not-found`. */
  async cancel(id: string): Promise<DoctorReport> {
    const { run, done } = this.find(id);
    if (!run.isOver) {
      run.cancel();
      await done;
    }
    return run.report;
  }

  /** Write the proposal into the person's file, as the target `name`. Errors: `not-found`, `config-not-written`. */
  async save(id: string, name: string): Promise<DoctorReport> {
    const { run, keys } = this.find(id);
    const { proposal } = run.report;
    if (proposal === null) {
      throw new SluiceError('request-invalid', { problem: 'the doctor proposes nothing to write' });
    }
    await saveTarget(proposal.path, name, keys);
    run.note({ savedTo: proposal.path });
    this.options.log.info({ target: name, path: proposal.path }, 'a target was written');
    return run.report;
  }

  /** End all runs, with their jobs. */
  async close(): Promise<void> {
    const all = [...this.runs.values()];
    all.forEach(({ run }) => {
      if (!run.isOver) {
        run.cancel();
      }
    });
    await Promise.all(all.map(({ done }) => done));
  }

  private find(id: string): Kept {
    const kept = this.runs.get(id);
    if (kept === undefined) {
      throw new SluiceError('not-found', { what: 'run of the doctor', id });
    }
    return kept;
  }

  private makeRoom(): void {
    if (this.runs.size < MOST_RUNS) {
      return;
    }
    const oldest = [...this.runs].find(([, { run }]) => run.isOver);
    if (oldest === undefined) {
      const problem = `${MOST_RUNS} runs of the doctor are under way; wait for one of them`;
      throw new SluiceError('request-invalid', { problem });
    }
    this.runs.delete(oldest[0]);
  }

  /** The border of what runs by itself: never rejects. */
  private async examine(kept: Kept, request: DoctorRequest, mayAsk: boolean): Promise<void> {
    const { run } = kept;
    try {
      const { allow } = this.options;
      const parts = { ...this.options, allow: mayAsk ? allow : () => () => undefined };
      kept.keys = await new Examination(parts, run, request).examine();
    } catch (error) {
      if (!run.signal.aborted) {
        this.options.log.error({ err: error, target: request.target }, 'the doctor met a fault');
        const step = run.report.steps.find(({ state }) => state === 'running')?.id;
        const problem = new SluiceError('internal', { log: this.options.logPath });
        run.end(step ?? 'configuration', { state: 'failed', found: problem.message, problem });
      }
    } finally {
      run.finish();
    }
  }
}
