import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { TaskEvent } from '../../shared/wire/events';
import type { Plan } from '../../shared/wire/plan';
import type { SubmitRequest } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import type { EventStore } from '../store/event-store';
import type { TaskRecord } from '../store/task-record';
import type { TaskStore } from '../store/task-store';
import { buildJob, runDirectory } from './build-job';
import type { IClock } from './clock';
import type { Hosts } from './hosts';
import { mergeResources } from './merge-resources';
import { newTask } from './new-task';
import { buildPlan } from './plan';
import type { Preparer } from './preparer';
import { reasonOf } from './reason';
import type { ResultFetcher } from './result-fetcher';
import type { Submitter } from './submitter';
import type { BoardListener, TaskBoard } from './task-board';
import { translateFault } from './translate-fault';
import type { Verdict } from './verdict';
import type { Watcher } from './watcher';

export type TaskServiceOptions = {
  tasks: TaskStore;
  events: EventStore;
  board: TaskBoard;
  hosts: Hosts;
  preparer: Preparer;
  submitter: Submitter;
  watcher: Watcher;
  results: ResultFetcher;
  clock: IClock;
  log: Logger;
  logPath: string;
  newId: () => string;
};

const CANCEL_TIMEOUT_MS = 60_000;
const SEARCH_AGAIN_MS = 60_000;
const CANCEL_AGAIN_MS = 15_000;

/** The life of tasks: what the routes ask for, and what drives a task from phase to phase. */
export class TaskService {
  private readonly aborts = new Map<string, AbortController>();
  private readonly stopping = new AbortController();

  constructor(private readonly options: TaskServiceOptions) {}

  /** Take up every task that had not ended when the service last did. */
  resume(): void {
    for (const record of this.options.board.liveTasks) {
      this.background(record.id, this.drive(record.id));
    }
  }

  /** Accept a request: on disk when it returns. The same request id is the same task. */
  submit(request: SubmitRequest): Task {
    const { tasks, board, clock, newId, log } = this.options;
    const known = tasks.byRequest(request.requestId);
    if (known !== undefined) {
      return board.view(board.get(known.id));
    }
    const record = newTask(newId(), request, clock.nowMs());
    tasks.insert(record, request);
    board.add(record);
    log.info({ task: record.id, target: request.target }, 'accepted');
    this.background(record.id, this.drive(record.id));
    return board.view(record);
  }

  plan(request: SubmitRequest): Promise<Plan> {
    return buildPlan(request, this.options.preparer, this.options.hosts);
  }

  /** Errors: `not-found`. */
  get(id: string): TaskRecord {
    const record = this.options.board.find(id);
    if (record === undefined) {
      throw new SluiceError('not-found', { what: 'task', id });
    }
    return record;
  }

  view(record: TaskRecord): Task {
    return this.options.board.view(record);
  }

  list(limit: number): Task[] {
    return this.options.tasks.list(limit).map(record => this.view(record));
  }

  eventsAfter(id: string, index: number, limit: number): TaskEvent[] {
    return this.options.events.after(id, index, limit);
  }

  listen(listener: BoardListener): () => void {
    return this.options.board.listen(listener);
  }

  get hasLiveTasks(): boolean {
    return this.options.board.liveTasks.length > 0;
  }

  /** Ask for the end of a task; recorded before anything is told to the host. */
  cancel(id: string): Task {
    const { board, log } = this.options;
    const record = this.get(id);
    if (isTerminal(record.phase) || record.cancelRequested) {
      return this.view(record);
    }
    const canceled = board.patch(id, { cancelRequested: true, progress: 'canceling' });
    log.info({ task: id }, 'cancel was asked for');
    if (record.phase === 'preparing') {
      this.aborts.get(id)?.abort();
    } else if (record.jobId !== null) {
      this.background(id, this.tellHostToCancel(id));
    }
    return this.view(canceled);
  }

  close(): void {
    this.stopping.abort();
    this.aborts.forEach(abort => {
      abort.abort();
    });
    this.options.watcher.close();
  }

  /** A verdict that the evidence allows: move the task, by way of `fetching` where values come home. */
  decide(record: TaskRecord, { phase, reason }: Verdict): void {
    const { board, watcher } = this.options;
    if (!isTerminal(phase)) {
      board.move(record.id, phase, { reason });
      return;
    }
    watcher.forget(record);
    if (record.results.length === 0) {
      board.move(record.id, phase, { reason });
      return;
    }
    board.move(record.id, 'fetching', { outcome: { phase, reason } });
    this.background(record.id, this.finish(record.id));
  }

  /** The border of what runs by itself: a fault of ours is logged in full, and the service goes on. */
  private background(id: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.options.log.error({ task: id, err: error }, 'a fault of Sluice itself');
    });
  }

  /** From wherever the task stands, do what comes next. */
  private async drive(id: string): Promise<void> {
    const { board, watcher } = this.options;
    const record = board.get(id);
    switch (record.phase) {
      case 'preparing':
      case 'submitting':
        await this.start(id);
        break;
      case 'fetching':
        await this.finish(id);
        break;
      default:
        if (record.jobId === null) {
          await this.searchUntilFound(id);
        } else {
          watcher.watch(record);
          if (record.cancelRequested) {
            this.background(id, this.tellHostToCancel(id));
          }
        }
    }
  }

  private async start(id: string): Promise<void> {
    const { board, log } = this.options;
    const abort = new AbortController();
    this.aborts.set(id, abort);
    try {
      await this.prepareAndSubmit(id, abort.signal);
    } catch (error) {
      if (this.stopping.signal.aborted) {
        return;
      }
      const { cancelRequested, phase } = board.get(id);
      if (cancelRequested && phase === 'preparing') {
        board.move(id, 'canceled', { reason: reasonOf.canceledByYou() });
        return;
      }
      const fault = translateFault(error, this.options.logPath);
      log.warn(
        { task: id, err: fault.code === 'internal' ? error : fault },
        'could not be started'
      );
      this.fail(id, fault);
    } finally {
      this.aborts.delete(id);
    }
  }

  /** A start that failed: over, unless the job may exist in spite of it. */
  private fail(id: string, fault: SluiceError): void {
    const { board } = this.options;
    const reason = reasonOf.problem(fault.toProblem());
    const isSubmitting = board.get(id).phase === 'submitting';
    const isInDoubt = isSubmitting && fault.entry.retry && fault.code !== 'slurm-unavailable';
    if (isInDoubt) {
      board.move(id, 'unknown', { reason });
      this.background(id, this.searchUntilFound(id));
    } else {
      board.move(id, 'failed', { reason });
    }
  }

  private async prepareAndSubmit(id: string, signal: AbortSignal): Promise<void> {
    const { board, submitter } = this.options;
    const before = board.get(id);
    // A restart hands over exactly what was about to be handed over: the key makes that safe.
    const record = before.phase === 'submitting' ? before : await this.prepare(id, signal);
    const { place, handOver } = record;
    if (place === null || handOver === null) {
      throw new Error(`task ${id} has nothing to hand over`);
    }
    const job = buildJob(record, place, handOver.workerPlace);
    const stop = this.stopping.signal;
    const submission = await submitter.submit(place, job, handOver.spec, stop);
    if (submission.kind === 'unclear') {
      throw new SluiceError('submission-unknown', { problem: submission.message });
    }
    this.accepted(id, submission.jobId);
  }

  /** Everything up to the intent, which is on disk before the scheduler hears of the task. */
  private async prepare(id: string, signal: AbortSignal): Promise<TaskRecord> {
    const { board, tasks, preparer } = this.options;
    const request = tasks.request(id);
    const target = await preparer.settle(request);
    const resources = mergeResources(target.resources, request.resources);
    const record = board.patch(id, { target: target.name, resources });
    const progress = (words: string): void => {
      board.patch(id, { progress: words });
    };
    const prepared = await preparer.prepare({ record, request, signal, progress }, target);
    signal.throwIfAborted();
    const { place, ...handOver } = prepared;
    return board.move(id, 'submitting', { place, handOver });
  }

  private accepted(id: string, jobId: string): void {
    const { board, watcher, log } = this.options;
    const record = board.move(id, 'queued', { jobId, reason: null, handOver: null });
    log.info({ task: id, job: jobId }, 'handed over');
    watcher.watch(record);
    if (record.cancelRequested) {
      this.background(id, this.tellHostToCancel(id));
    }
  }

  /** A submit whose answer was lost: look for the job by its name, for as long as it takes. */
  private async searchUntilFound(id: string): Promise<void> {
    const { board, submitter, clock, log } = this.options;
    while (!this.stopping.signal.aborted) {
      const { place, phase } = board.get(id);
      if (place === null || phase !== 'unknown') {
        return;
      }
      try {
        const jobId = await submitter.search(place, {
          key: id,
          directory: runDirectory(place, id)
        });
        if (jobId !== null) {
          this.accepted(id, jobId);
          return;
        }
      } catch (error) {
        log.warn({ task: id, err: error }, 'the job could not be looked for');
      }
      await clock.delay(SEARCH_AGAIN_MS, this.stopping.signal);
    }
  }

  private async finish(id: string): Promise<void> {
    const { board, results, log } = this.options;
    const record = board.get(id);
    const { place, outcome } = record;
    if (place === null || outcome === null) {
      throw new Error(`task ${id} fetches without a place or an outcome`);
    }
    try {
      const variables = await results.fetch(record, place);
      board.move(id, outcome.phase, { reason: outcome.reason, variables });
    } catch (error) {
      const fault = translateFault(error, this.options.logPath);
      log.warn({ task: id, err: fault.code === 'internal' ? error : fault }, 'results stay there');
      const reason = fault.message;
      const variables = record.results.map(result => ({ ...result, files: [], reason }));
      board.move(id, outcome.phase, {
        reason: outcome.reason ?? reasonOf.problem(fault.toProblem()),
        variables
      });
    }
  }

  /** Repeat until the host has heard it; the end itself is the verdict's to see. */
  private async tellHostToCancel(id: string): Promise<void> {
    const { board, hosts, watcher, clock, log } = this.options;
    while (!this.stopping.signal.aborted) {
      const record = board.get(id);
      const { place, jobId } = record;
      if (isTerminal(record.phase) || place === null || jobId === null) {
        return;
      }
      const scheduler = hosts.scheduler(place.scheduler);
      const text = scheduler.buildCancel([{ key: id, jobId, directory: runDirectory(place, id) }]);
      try {
        const transport = hosts.transport(place);
        const action = 'cancel the job';
        const { status, stdout, stderr } = await transport.run(text, {
          action,
          timeoutMs: CANCEL_TIMEOUT_MS
        });
        const { ok, message } = scheduler.parseCancel({
          status,
          stdout: stdout.toString(),
          stderr
        });
        if (ok) {
          watcher.stir(record);
          return;
        }
        log.warn({ task: id, answer: message }, 'the scheduler did not take the cancel');
      } catch (error) {
        log.warn({ task: id, err: error }, 'the cancel did not reach the host');
      }
      await clock.delay(CANCEL_AGAIN_MS, this.stopping.signal);
    }
  }
}
