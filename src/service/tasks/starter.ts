import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Place, TaskRecord } from '../store/task-record';
import type { TaskStore } from '../store/task-store';
import type { ITransport } from '../transports/transport';
import { buildJob } from './build-job';
import type { IClock } from './clock';
import type { HostAddress, Hosts } from './hosts';
import { untilConnected, waitsForPerson } from './login-wait';
import { mergeResources } from './merge-resources';
import type { Preparer } from './preparer';
import { reasonOf } from './reason';
import { rehearsalShape } from './rehearsal-shape';
import { buildRunNote } from './run-note';
import { doubtReason, lostWords } from './searcher';
import { isStoreFull } from './store-full';
import type { Heard, Submitter } from './submitter';
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
  accept: (id: string, jobId: string) => void;
  /** What became of a submit is not known: look for its job. */
  search: (id: string) => Promise<void>;
  stop: AbortSignal;
};

/** Answers of the host after which no job exists, and none of an earlier try can follow. */
const isRefusal = (error: unknown): boolean =>
  error instanceof SluiceError && error.code === 'sbatch-refused';

/** Brings a task from its request to a job that the scheduler took, at most once. */
export class Starter {
  private readonly aborts = new Map<string, AbortController>();
  /** Of tasks about to be handed over: whether their scheduler can have heard of them. */
  private readonly heard = new Map<string, Heard>();

  constructor(private readonly options: StarterOptions) {
    options.stop.addEventListener('abort', () => {
      this.aborts.forEach(abort => {
        abort.abort();
      });
    });
  }

  /** Begin no other try. True: that ends the task; false: what the host may have heard is still to take back. */
  abort(id: string): boolean {
    const abort = this.aborts.get(id);
    abort?.abort();
    return abort !== undefined && this.isUnsent(id);
  }

  /** Start a task; where a person has just asked for it, the login to its host may ask that person. */
  async start(id: string, isPersons: boolean): Promise<void> {
    const abort = new AbortController();
    this.aborts.set(id, abort);
    try {
      await this.untilHandedOver(id, abort.signal, isPersons);
    } catch (error) {
      // What became of it could not be noted, and so is asked again.
      if (isStoreFull(error)) {
        throw error;
      }
      if (!this.options.stop.aborted) {
        await this.giveUp(id, error);
      }
    } finally {
      this.aborts.delete(id);
      this.heard.delete(id);
    }
  }

  /** Hand over once more what nobody has begun to hand over; what cannot be decided stays unknown. */
  async handOverAgain({ id }: TaskRecord, place: Place): Promise<void> {
    const { board, hosts, stop } = this.options;
    try {
      await this.submit(board.get(id), stop);
    } catch (error) {
      const record = board.get(id);
      if (stop.aborted || record.phase !== 'unknown') {
        return;
      }
      if (isRefusal(error)) {
        await this.giveUp(id, error);
      } else {
        board.patch(id, { reason: doubtOf(error, hosts.transport(place).host) });
      }
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
    const before = this.options.board.get(id);
    // A restart hands over exactly what was about to be handed over: the key makes that safe.
    const record = before.phase === 'submitting' ? before : await this.prepare(id, signal, settled);
    await this.submit(record, signal);
  }

  /** The hand-over itself, again where an answer was lost; the stub on the host submits at most once. */
  private async submit(record: TaskRecord, signal: AbortSignal): Promise<void> {
    const { submitter, serviceHost, accept } = this.options;
    const { id, place, handOver, target } = record;
    if (place === null || handOver === null) {
      throw new Error(`task ${id} has nothing to hand over`);
    }
    const job = buildJob(record, place, handOver.workerPlace);
    const submission = await submitter.submit(place, job, handOver.spec, {
      target,
      signal,
      note: buildRunNote(record, place, serviceHost),
      heard: what => {
        this.hear(id, what);
      }
    });
    this.hear(id, 'maybe');
    if (submission.kind !== 'accepted') {
      throw new SluiceError('submission-unknown', { problem: submission.message });
    }
    accept(id, submission.jobId);
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
    this.heard.set(id, 'nothing');
    return board.move(id, 'submitting', { place, handOver, notes, eventKey, reason: null });
  }

  private isUnsent(id: string): boolean {
    const isNothing = this.heard.get(id) === 'nothing';
    return isNothing || this.options.board.get(id).phase === 'preparing';
  }

  /** A doubt stays: a later attempt that failed early says nothing of the one before. */
  private hear(id: string, what: Heard): void {
    const before = this.heard.get(id);
    if (before !== undefined && before !== 'maybe') {
      this.heard.set(id, what);
    }
  }

  /** A start that failed: over, unless the job may exist in spite of it. */
  private async giveUp(id: string, error: unknown): Promise<void> {
    const { board, log, logPath, hosts, search } = this.options;
    const { cancelRequested, phase, place } = board.get(id);
    if (isTerminal(phase)) {
      return;
    }
    const fault = translateFault(error, logPath);
    const isNothing = isRefusal(fault) || this.isUnsent(id);
    if (cancelRequested) {
      // Otherwise whoever cancels it makes sure that no job of it is left.
      if (isNothing) {
        board.move(id, 'canceled', { reason: reasonOf.canceledByYou() });
      }
      return;
    }
    log.warn({ task: id, err: fault.code === 'internal' ? error : fault }, 'could not be started');
    if (isNothing) {
      board.move(id, 'failed', { reason: reasonOf.problem(fault.toProblem()) });
      return;
    }
    const host = place === null ? '' : hosts.transport(place).host;
    board.move(id, 'unknown', { reason: doubtOf(fault, host) });
    await search(id);
  }
}

/** Why it is not known whether the job was taken. */
function doubtOf(error: unknown, host: string): NonNullable<TaskRecord['reason']> {
  return error instanceof SluiceError && error.code === 'submission-unknown'
    ? reasonOf.problem(error.toProblem())
    : doubtReason(lostWords(host, error));
}
