import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import type { TaskRecord } from '../store/task-record';
import type { TaskStore } from '../store/task-store';
import { buildJob, runDirectory } from './build-job';
import type { IClock } from './clock';
import type { Hosts } from './hosts';
import { mergeResources } from './merge-resources';
import type { Preparer } from './preparer';
import { reasonOf } from './reason';
import { rehearsalShape } from './rehearsal-shape';
import type { Submitter } from './submitter';
import type { TaskBoard } from './task-board';
import { translateFault } from './translate-fault';

export type StarterOptions = {
  board: TaskBoard;
  tasks: TaskStore;
  preparer: Preparer;
  hosts: Hosts;
  submitter: Submitter;
  clock: IClock;
  log: Logger;
  logPath: string;
  /** The scheduler took the job. */
  accepted: (record: TaskRecord) => void;
  stop: AbortSignal;
};

const SEARCH_AGAIN_MS = 60_000;

/** Brings a task from its request to a job that the scheduler took, at most once. */
export class Starter {
  private readonly aborts = new Map<string, AbortController>();

  constructor(private readonly options: StarterOptions) {
    options.stop.addEventListener('abort', () => {
      this.aborts.forEach(abort => {
        abort.abort();
      });
    });
  }

  /** Give up what has not been handed over yet. */
  abort(id: string): void {
    this.aborts.get(id)?.abort();
  }

  async start(id: string): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(id, abort);
    try {
      await this.prepareAndSubmit(id, abort.signal);
    } catch (error) {
      if (!this.options.stop.aborted) {
        await this.giveUp(id, error);
      }
    } finally {
      this.aborts.delete(id);
    }
  }

  /** A submit whose answer was lost: look for the job by its name, for as long as it takes. */
  async search(id: string): Promise<void> {
    const { board, submitter, clock, log, stop } = this.options;
    while (!stop.aborted) {
      const { place, phase } = board.get(id);
      if (place === null || phase !== 'unknown') {
        return;
      }
      try {
        const directory = runDirectory(place, id);
        const jobId = await submitter.search(place, { key: id, directory });
        if (jobId !== null) {
          this.accept(id, jobId);
          return;
        }
      } catch (error) {
        log.warn({ task: id, err: error }, 'the job could not be looked for');
      }
      await clock.delay(SEARCH_AGAIN_MS, stop);
    }
  }

  private async prepareAndSubmit(id: string, signal: AbortSignal): Promise<void> {
    const { board, submitter, stop } = this.options;
    const before = board.get(id);
    // A restart hands over exactly what was about to be handed over: the key makes that safe.
    const record = before.phase === 'submitting' ? before : await this.prepare(id, signal);
    const { place, handOver } = record;
    if (place === null || handOver === null) {
      throw new Error(`task ${id} has nothing to hand over`);
    }
    const job = buildJob(record, place, handOver.workerPlace);
    const submission = await submitter.submit(place, job, handOver.spec, stop);
    if (submission.kind === 'unclear') {
      throw new SluiceError('submission-unknown', { problem: submission.message });
    }
    this.accept(id, submission.jobId);
  }

  /** Everything up to the intent, which is on disk before the scheduler hears of the task. */
  private async prepare(id: string, signal: AbortSignal): Promise<TaskRecord> {
    const { board, tasks, preparer, hosts } = this.options;
    const request = tasks.request(id);
    const target = await preparer.settle(request);
    const asked = mergeResources(target.resources, request.resources);
    const resources = request.rehearsal ? await rehearsalShape(hosts, target, asked) : asked;
    const record = board.patch(id, { target: target.name, resources });
    const progress = (words: string): void => {
      board.patch(id, { progress: words });
    };
    const prepared = await preparer.prepare({ record, request, signal, progress }, target);
    signal.throwIfAborted();
    const { place, notes, ...handOver } = prepared;
    return board.move(id, 'submitting', { place, handOver, notes });
  }

  private accept(id: string, jobId: string): void {
    const { board, log, accepted } = this.options;
    log.info({ task: id, job: jobId }, 'handed over');
    accepted(board.move(id, 'queued', { jobId, reason: null, handOver: null }));
  }

  /** A start that failed: over, unless the job may exist in spite of it. */
  private async giveUp(id: string, error: unknown): Promise<void> {
    const { board, log, logPath } = this.options;
    const { cancelRequested, phase } = board.get(id);
    if (cancelRequested && phase === 'preparing') {
      board.move(id, 'canceled', { reason: reasonOf.canceledByYou() });
      return;
    }
    const fault = translateFault(error, logPath);
    log.warn({ task: id, err: fault.code === 'internal' ? error : fault }, 'could not be started');
    const reason = reasonOf.problem(fault.toProblem());
    const isSafe = phase === 'preparing' || fault.code === 'slurm-unavailable';
    if (isSafe || !fault.entry.retry) {
      board.move(id, 'failed', { reason });
      return;
    }
    board.move(id, 'unknown', { reason });
    await this.search(id);
  }
}
