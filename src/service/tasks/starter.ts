import type { Logger } from 'pino';
import { type ErrorEntry, SluiceError } from '../../shared/errors';
import type { TaskRecord } from '../store/task-record';
import type { TaskStore } from '../store/task-store';
import type { ITransport } from '../transports/transport';
import { buildJob, runDirectory } from './build-job';
import type { IClock } from './clock';
import type { HostAddress, Hosts } from './hosts';
import { untilConnected, waitsForPerson } from './login-wait';
import { mergeResources } from './merge-resources';
import type { Preparer } from './preparer';
import { reasonOf } from './reason';
import { rehearsalShape } from './rehearsal-shape';
import { buildRunNote } from './run-note';
import type { Submitter } from './submitter';
import type { Target } from '../targets/target';
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
  /** The name of this machine. */
  serviceHost: string;
  /** A person's action needs the host: its login may ask, until the returned function is called. */
  allow: (address: HostAddress, target: string) => () => void;
  /** The scheduler took the job. */
  accepted: (record: TaskRecord) => void;
  stop: AbortSignal;
};

const SEARCH_AGAIN_MS = 60_000;

/** Whether an error says what became of a job; one of the way there does not, once it may have been sent. */
const isAnswer = ({ family, retry }: ErrorEntry): boolean => family !== 'ssh' && !retry;

/** Brings a task from its request to a job that the scheduler took, at most once. */
export class Starter {
  private readonly aborts = new Map<string, AbortController>();
  /** Tasks of which nothing can have reached their scheduler yet. */
  private readonly unsent = new Set<string>();

  constructor(private readonly options: StarterOptions) {
    options.stop.addEventListener('abort', () => {
      this.aborts.forEach(abort => {
        abort.abort();
      });
    });
  }

  /** Give up what has not been handed over yet; what may have been is left alone. */
  abort(id: string): void {
    if (this.isUnsent(id)) {
      this.aborts.get(id)?.abort();
    }
  }

  /** Start a task; where a person has just asked for it, the login to its host may ask that person. */
  async start(id: string, isPersons: boolean): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(id, abort);
    try {
      await this.untilHandedOver(id, abort.signal, isPersons);
    } catch (error) {
      if (!this.options.stop.aborted) {
        await this.giveUp(id, error);
      }
    } finally {
      this.aborts.delete(id);
      this.unsent.delete(id);
    }
  }

  /** A submit whose answer was lost: look for the job by its name, for as long as it takes. */
  async search(id: string): Promise<void> {
    const { board, submitter, hosts, clock, log, stop } = this.options;
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
        const transport = hosts.transport(place);
        if (waitsForPerson(error, transport)) {
          await this.waitForLogin(id, error, transport, stop);
          continue;
        }
      }
      await clock.delay(SEARCH_AGAIN_MS, stop);
    }
  }

  /** One attempt after another, for as long as the host waits for a person in between. */
  private async untilHandedOver(
    id: string,
    signal: AbortSignal,
    isPersons: boolean
  ): Promise<void> {
    for (let mayAsk = isPersons; ; mayAsk = false) {
      try {
        await this.attempt(id, signal, mayAsk);
        return;
      } catch (error) {
        const transport = await this.transportOf(id);
        if (signal.aborted || transport === null || !waitsForPerson(error, transport)) {
          throw error;
        }
        await this.waitForLogin(id, error, transport, signal);
        signal.throwIfAborted();
      }
    }
  }

  /** One attempt; the login to its host may ask the person for as long as it lasts. */
  private async attempt(id: string, signal: AbortSignal, mayAsk: boolean): Promise<void> {
    let done: () => void = () => undefined;
    const settled = (target: Target): void => {
      done = mayAsk ? this.options.allow(target, target.name) : done;
    };
    try {
      await this.prepareAndSubmit(id, signal, settled);
    } finally {
      done();
    }
  }

  /** Where the task goes; null where that is not known yet. */
  private async transportOf(id: string): Promise<ITransport | null> {
    const { board, tasks, preparer, hosts } = this.options;
    const { place, target } = board.get(id);
    if (place !== null) {
      return hosts.transport(place);
    }
    return target === '' ? null : hosts.transport(await preparer.settle(tasks.request(id)));
  }

  private async waitForLogin(
    id: string,
    error: SluiceError,
    transport: ITransport,
    signal: AbortSignal
  ): Promise<void> {
    const { board, log } = this.options;
    const { target } = board.get(id);
    log.info({ task: id, host: transport.host, why: error.code }, 'waits for a login');
    const reason = reasonOf.needsLogin(transport.host, target, error);
    board.patch(id, { reason, progress: null });
    await untilConnected(transport, signal);
    if (!signal.aborted) {
      board.patch(id, { reason: null });
    }
  }

  private async prepareAndSubmit(
    id: string,
    signal: AbortSignal,
    settled: (target: Target) => void
  ): Promise<void> {
    const { board, submitter, stop } = this.options;
    const before = board.get(id);
    // A restart hands over exactly what was about to be handed over: the key makes that safe.
    const record = before.phase === 'submitting' ? before : await this.prepare(id, signal, settled);
    const { place, handOver } = record;
    if (place === null || handOver === null) {
      throw new Error(`task ${id} has nothing to hand over`);
    }
    const job = buildJob(record, place, handOver.workerPlace);
    const submission = await submitter.submit(place, job, handOver.spec, {
      target: record.target,
      signal: stop,
      note: buildRunNote(record, place, this.options.serviceHost),
      inDoubt: () => void this.unsent.delete(id)
    });
    if (submission.kind !== 'accepted') {
      throw new SluiceError('submission-unknown', { problem: submission.message });
    }
    this.accept(id, submission.jobId);
  }

  /** Everything up to the intent, which is on disk before the scheduler hears of the task. */
  private async prepare(
    id: string,
    signal: AbortSignal,
    settled: (target: Target) => void
  ): Promise<TaskRecord> {
    const { board, tasks, preparer, hosts } = this.options;
    const request = tasks.request(id);
    const target = await preparer.settle(request);
    board.patch(id, { target: target.name });
    settled(target);
    const asked = mergeResources(target.resources, request.resources);
    const resources = request.rehearsal ? await rehearsalShape(hosts, target, asked) : asked;
    const record = board.patch(id, { resources });
    const progress = (words: string): void => {
      board.show(id, words);
    };
    const prepared = await preparer.prepare({ record, request, signal, progress }, target);
    signal.throwIfAborted();
    const { place, notes, eventKey, ...handOver } = prepared;
    this.unsent.add(id);
    return board.move(id, 'submitting', { place, handOver, notes, eventKey, reason: null });
  }

  private isUnsent(id: string): boolean {
    return this.options.board.get(id).phase === 'preparing' || this.unsent.has(id);
  }

  private accept(id: string, jobId: string): void {
    const { board, log, accepted } = this.options;
    log.info({ task: id, job: jobId }, 'handed over');
    accepted(board.move(id, 'queued', { jobId, reason: null, handOver: null }));
  }

  /** A start that failed: over, unless the job may exist in spite of it. */
  private async giveUp(id: string, error: unknown): Promise<void> {
    const { board, log, logPath } = this.options;
    const { cancelRequested } = board.get(id);
    const isUnsent = this.isUnsent(id);
    if (cancelRequested && isUnsent) {
      board.move(id, 'canceled', { reason: reasonOf.canceledByYou() });
      return;
    }
    const fault = translateFault(error, logPath);
    log.warn({ task: id, err: fault.code === 'internal' ? error : fault }, 'could not be started');
    const reason = reasonOf.problem(fault.toProblem());
    const isSafe = isUnsent || fault.code === 'slurm-unavailable';
    if (isSafe || isAnswer(fault.entry)) {
      board.move(id, 'failed', { reason });
      return;
    }
    board.move(id, 'unknown', { reason });
    await this.search(id);
  }
}
