import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { TaskEvent } from '../../shared/wire/events';
import type { Plan } from '../../shared/wire/plan';
import type { PlanRequest, SubmitRequest } from '../../shared/wire/submit';
import type { Choice, Task } from '../../shared/wire/task';
import type { EventStore } from '../store/event-store';
import type { Place, TaskRecord } from '../store/task-record';
import type { ListQuery, TaskStore } from '../store/task-store';
import { Canceller } from './canceller';
import type { IClock } from './clock';
import { Finisher } from './finisher';
import { type HostAddress, Hosts } from './hosts';
import { newTask } from './new-task';
import { buildPlan } from './plan';
import type { Preparer } from './preparer';
import { reasonOf } from './reason';
import { Resolver } from './resolver';
import type { ResultFetcher } from './result-fetcher';
import { RunInspector } from './run-inspector';
import { Searcher } from './searcher';
import { Starter } from './starter';
import { isStoreFull } from './store-full';
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

const ROOM_AGAIN_MS = 10_000;

/** The life of tasks: what the routes ask for, and what drives a task from phase to phase. */
export class TaskService {
  private readonly stopping = new AbortController();
  private readonly starter: Starter;
  private readonly searcher: Searcher;
  private readonly canceller: Canceller;
  private readonly resolver: Resolver;
  private readonly finisher: Finisher;

  constructor(private readonly options: TaskServiceOptions) {
    const stop = this.stopping.signal;
    const inspector = new RunInspector(options.hosts);
    const shared = {
      ...options,
      inspector,
      stop,
      accept: (id: string, jobId: string): void => {
        this.accept(id, jobId);
      }
    };
    this.searcher = new Searcher({
      ...shared,
      handOver: (record: TaskRecord, place: Place) => this.starter.handOverAgain(record, place)
    });
    this.starter = new Starter({ ...shared, search: id => this.searcher.search(id) });
    this.canceller = new Canceller({
      ...shared,
      told: record => {
        options.watcher.canceled(record);
      },
      decide: (record, verdict) => {
        this.decide(record, verdict);
      }
    });
    this.resolver = new Resolver({
      ...shared,
      look: record => this.look(record),
      cancel: id => this.canceller.cancel([id]),
      again: record => this.again(record)
    });
    this.finisher = new Finisher({ ...options, stop });
  }

  /** What a person decided about a task of which it is not known what became of it: the task, or the new one. */
  async resolve(id: string, choice: Choice, isPersons = true): Promise<Task> {
    const record = this.get(id);
    const done = this.allowFor([record], isPersons);
    return this.view(await this.resolver.resolve(record, choice).finally(done));
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
    return this.cancelMany([id], isPersons)[0] as Task;
  }

  /** The same for many, in one go on each host; null: every task that has not ended. */
  cancelMany(ids: readonly string[] | null, isPersons = true): Task[] {
    const { board, log } = this.options;
    const records = ids === null ? board.liveTasks : [...new Set(ids)].map(id => this.get(id));
    const begun = records.filter(record => !isTerminal(record.phase) && !record.cancelRequested);
    for (const { id } of begun) {
      board.patch(id, { cancelRequested: true, progress: 'canceling' });
      this.searcher.forget(id);
    }
    // Of some of them no host has heard: they end without one.
    const told = begun.filter(({ id }) => !this.starter.abort(id));
    log.info({ tasks: begun.map(({ id }) => id) }, 'cancel was asked for');
    const done = this.allowFor(told, isPersons);
    const works = told.map(({ id }) => {
      const work = this.canceller.cancel([id]);
      this.background(id, work);
      return work;
    });
    void Promise.allSettled(works).then(done);
    return records.map(({ id }) => this.view(board.get(id)));
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
    if (this.canceller.holds(record, { phase, reason })) {
      return;
    }
    const isDone = record.results.length === 0 && !this.options.files.mayHave(record);
    // Stored first: what could not be stored is judged again.
    if (isDone) {
      board.move(record.id, phase, { reason });
    } else {
      board.move(record.id, 'fetching', { outcome: { phase, reason } });
    }
    watcher.forget(record);
    this.background(record.id, this.options.preparer.noteEnd(record, phase));
    if (!isDone) {
      this.background(record.id, this.finisher.finish(record.id));
    }
  }

  /**
   * The border of what runs by itself: a fault of ours is logged in full, and the service goes on. On a
   * full disk the task is taken up again from what is stored, as after a restart.
   */
  private background(id: string, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!isStoreFull(error)) {
        this.options.log.error({ task: id, err: error }, 'a fault of Sluice itself');
        return;
      }
      this.options.log.warn({ task: id, err: error }, 'waits for room on the disk');
      this.background(id, this.driveLater(id));
    });
  }

  private async driveLater(id: string): Promise<void> {
    const stop = this.stopping.signal;
    await this.options.clock.delay(ROOM_AGAIN_MS, stop);
    if (!stop.aborted && !isTerminal(this.get(id).phase)) {
      await this.drive(id, false);
    }
  }

  /** From wherever the task stands, do what comes next. */
  private async drive(id: string, isPersons: boolean): Promise<void> {
    const { board } = this.options;
    const record = board.get(id);
    const { phase, jobId, cancelRequested } = record;
    if (cancelRequested && phase === 'preparing') {
      board.move(id, 'canceled', { reason: reasonOf.canceledByYou() });
      return;
    }
    const cancel = cancelRequested ? this.canceller.cancel([id]) : Promise.resolve();
    if (phase === 'fetching') {
      await this.finisher.finish(id);
    } else if (jobId !== null) {
      this.options.watcher.watch(record);
    } else if (!cancelRequested) {
      await (phase === 'unknown' ? this.searcher.search(id) : this.starter.start(id, isPersons));
    }
    await cancel;
  }

  /** The scheduler has a job of this task: whoever learned it first. */
  private accept(id: string, jobId: string): void {
    const { board, log, watcher } = this.options;
    const before = board.get(id);
    if (before.jobId !== null) {
      if (before.jobId !== jobId) {
        log.warn({ task: id, job: jobId, known: before.jobId }, 'a job of a task that has another');
      }
      return;
    }
    if (isTerminal(before.phase)) {
      // Its run is fenced, so that no code runs; the job is not left in the queue either.
      log.warn({ task: id, job: jobId }, 'a job of a task that is over is canceled');
      board.patch(id, { jobId });
      this.background(id, this.canceller.cancel([id]));
      return;
    }
    log.info({ task: id, job: jobId }, 'handed over');
    const change = { jobId, reason: null, handOver: null, nextCheckAt: null };
    const record = board.move(id, 'queued', change);
    watcher.watch(record);
    if (record.cancelRequested) {
      this.background(id, this.canceller.cancel([id]));
    }
  }

  private async look(record: TaskRecord): Promise<void> {
    if (record.jobId === null) {
      await this.searcher.now(record.id);
    } else {
      this.options.watcher.stir(record);
    }
  }

  /** The same request once more, as one task however often that is asked. */
  private again({ id }: TaskRecord): TaskRecord {
    const request = { ...this.options.tasks.request(id), requestId: `again-${id}` };
    return this.get(this.submit(request).id);
  }

  /** A person waits for what is to be done on the hosts of these tasks: their logins may ask. */
  private allowFor(records: readonly TaskRecord[], isPersons: boolean): () => void {
    const hosts = new Map<string, () => void>();
    for (const { place, target } of isPersons ? records : []) {
      if (place !== null && !hosts.has(Hosts.key(place))) {
        hosts.set(Hosts.key(place), this.options.allow(place, target));
      }
    }
    return () => {
      hosts.forEach(done => {
        done();
      });
    };
  }
}
