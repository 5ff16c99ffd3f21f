import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { TaskEvent } from '../../shared/wire/events';
import type { Plan } from '../../shared/wire/plan';
import type { PlanRequest, SubmitRequest } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import type { EventStore } from '../store/event-store';
import type { TaskRecord } from '../store/task-record';
import type { ListQuery, TaskStore } from '../store/task-store';
import { Canceller } from './canceller';
import type { IClock } from './clock';
import { Finisher } from './finisher';
import type { HostAddress, Hosts } from './hosts';
import { newTask } from './new-task';
import { buildPlan } from './plan';
import type { Preparer } from './preparer';
import type { ResultFetcher } from './result-fetcher';
import { Starter } from './starter';
import type { Submitter } from './submitter';
import type { BoardListener, TaskBoard } from './task-board';
import type { ITaskFiles } from './task-files';
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
  files: ITaskFiles;
  clock: IClock;
  log: Logger;
  logPath: string;
  /** The name of this machine. */
  serviceHost: string;
  newId: () => string;
  /** A person's action needs the host: its login may ask, until the returned function is called. */
  allow: (address: HostAddress, target: string) => () => void;
};

/** The life of tasks: what the routes ask for, and what drives a task from phase to phase. */
export class TaskService {
  private readonly stopping = new AbortController();
  private readonly starter: Starter;
  private readonly canceller: Canceller;
  private readonly finisher: Finisher;

  constructor(private readonly options: TaskServiceOptions) {
    const stop = this.stopping.signal;
    const accepted = (record: TaskRecord): void => {
      this.accepted(record);
    };
    const told = (record: TaskRecord): void => {
      options.watcher.stir(record);
    };
    this.starter = new Starter({ ...options, accepted, stop });
    this.canceller = new Canceller({ ...options, told, stop });
    this.finisher = new Finisher({ ...options, stop });
  }

  /** Take up every task that had not ended when the service last did. */
  resume(): void {
    for (const record of this.options.board.liveTasks) {
      this.background(record.id, this.drive(record.id, false));
    }
    this.options.files.resume();
  }

  /**
   * Accept a request: on disk when it returns. The same request id is the same task. `isPersons`: a
   * person waits for it, whom a login may ask.
   */
  submit(request: SubmitRequest, isPersons = true): Task {
    const { tasks, board, clock, newId, log } = this.options;
    const known = tasks.byRequest(request.requestId);
    if (known !== undefined) {
      return board.view(board.get(known.id));
    }
    const record = newTask(newId(), request, clock.nowMs());
    tasks.insert(record, request);
    board.add(record);
    log.info({ task: record.id, target: request.target }, 'accepted');
    this.background(record.id, this.drive(record.id, isPersons));
    return board.view(record);
  }

  /** Take up a task that another service handed over: on disk when it returns, then followed. */
  adopt(record: TaskRecord, request: SubmitRequest): void {
    const { tasks, board } = this.options;
    tasks.insert(record, request);
    board.add(record);
    this.background(record.id, this.drive(record.id, false));
  }

  /** Take up a task that another service handed over: on disk when it returns, then followed. */
  adopt(record: TaskRecord, request: SubmitRequest): void {
    const { tasks, board } = this.options;
    tasks.insert(record, request);
    board.add(record);
    this.background(record.id, this.drive(record.id, false));
  }

  async plan(request: PlanRequest, isPersons = true): Promise<Plan> {
    const { preparer, hosts, allow } = this.options;
    if (request.brief || !isPersons) {
      return buildPlan(request, preparer, hosts);
    }
    const target = await preparer.settle(request);
    const done = allow(target, target.name);
    return buildPlan(request, preparer, hosts).finally(done);
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

  list(query: ListQuery): Task[] {
    return this.options.board.list(query);
  }

  eventsAfter(id: string, index: number, limit: number): TaskEvent[] {
    return this.options.events.after(id, index, limit);
  }

  /** Grows with each change of a task, for as long as the service lives. */
  revision(id: string): number {
    return this.options.board.revision(id);
  }

  listen(listener: BoardListener): () => void {
    return this.options.board.listen(listener);
  }

  get hasLiveTasks(): boolean {
    return this.options.board.liveTasks.length > 0 || this.options.files.isBusy;
  }

  /** Ask for the end of a task; recorded before anything is told to the host. */
  cancel(id: string, isPersons = true): Task {
    const { board, log, allow } = this.options;
    const record = this.get(id);
    if (isTerminal(record.phase) || record.cancelRequested) {
      return this.view(record);
    }
    const canceled = board.patch(id, { cancelRequested: true, progress: 'canceling' });
    log.info({ task: id }, 'cancel was asked for');
    if (record.phase === 'preparing' || record.phase === 'submitting') {
      this.starter.abort(id);
    } else if (record.jobId !== null) {
      const { place, target } = record;
      const done = isPersons && place !== null ? allow(place, target) : () => undefined;
      this.background(id, this.canceller.cancel(id).finally(done));
    }
    return this.view(canceled);
  }

  close(): void {
    this.stopping.abort();
    this.options.watcher.close();
  }

  /** A verdict that the evidence allows: move the task, by way of `fetching` where values or files come home. */
  decide(record: TaskRecord, { phase, reason }: Verdict): void {
    const { board, watcher } = this.options;
    if (!isTerminal(phase)) {
      board.move(record.id, phase, { reason });
      return;
    }
    watcher.forget(record);
    this.background(record.id, this.options.preparer.noteEnd(record, phase));
    if (record.results.length === 0 && !this.options.files.mayHave(record)) {
      board.move(record.id, phase, { reason });
      return;
    }
    board.move(record.id, 'fetching', { outcome: { phase, reason } });
    this.background(record.id, this.finisher.finish(record.id));
  }

  /** The border of what runs by itself: a fault of ours is logged in full, and the service goes on. */
  private background(id: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.options.log.error({ task: id, err: error }, 'a fault of Sluice itself');
    });
  }

  /** From wherever the task stands, do what comes next. */
  private async drive(id: string, isPersons: boolean): Promise<void> {
    const record = this.options.board.get(id);
    switch (record.phase) {
      case 'preparing':
      case 'submitting':
        await this.starter.start(id, isPersons);
        break;
      case 'fetching':
        await this.finisher.finish(id);
        break;
      default:
        if (record.jobId === null) {
          await this.starter.search(id);
        } else {
          this.accepted(record);
        }
    }
  }

  private accepted(record: TaskRecord): void {
    this.options.watcher.watch(record);
    if (record.cancelRequested) {
      this.background(record.id, this.canceller.cancel(record.id));
    }
  }
}
