import type { Logger } from 'pino';
import { isTerminal } from '../../shared/phases';
import type { JobRef } from '../schedulers/scheduler';
import type { Place, TaskRecord } from '../store/task-record';
import type { ITransport, RunResult } from '../transports/transport';
import { runDirectory } from './build-job';
import type { IClock } from './clock';
import { buildFence, type FenceReply, parseFence, type RunFacts } from './fence';
import { giveUpWords } from './doubt';
import type { Hosts } from './hosts';
import { untilConnected, waitsForPerson } from './login-wait';
import { toAnswer } from './poller';
import type { RunInspector } from './run-inspector';
import type { TaskBoard } from './task-board';
import { isOver } from './verdict';

/** `gone`: the scheduler says that its job is over; `never-ran`: no worker of it began, and none will. */
export type CancelOutcome = 'gone' | 'never-ran';

export type HostCancelsOptions = {
  /** Where these jobs are: the host and scheduler count, not the rest of it. */
  place: Place;
  board: TaskBoard;
  hosts: Hosts;
  inspector: RunInspector;
  clock: IClock;
  log: Logger;
  accept: (id: string, jobId: string) => void;
  settled: (id: string, outcome: CancelOutcome) => void;
  stop: AbortSignal;
};

const TIMEOUT_MS = 120_000;
const DISTANCES_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000, 120_000];
const LONGEST_MS = 300_000;
/** Whether a job turns up of a submit that was never answered is no matter of seconds. */
const DOUBT_ROUNDS = 5;
const FRESH_S = 10;
/** In one script, which has to stay far below what a shell may be given. */
const MOST_AT_ONCE = 500;

type Order = { rounds: number; absences: number; tried: (() => void)[] };

/** All cancels of one scheduler on one host: one script a round, until each job is gone. */
export class HostCancels {
  private readonly orders = new Map<string, Order>();
  private nap = new AbortController();
  private isRunning = false;

  constructor(private readonly options: HostCancelsOptions) {}

  /** Take a cancel up; resolves after its first try. */
  add(id: string): Promise<void> {
    const order = this.orders.get(id) ?? { rounds: 0, absences: 0, tried: [] };
    this.orders.set(id, order);
    return new Promise(resolve => {
      order.tried.push(resolve);
      this.wake();
    });
  }

  private wake(): void {
    this.nap.abort();
    if (!this.isRunning) {
      this.isRunning = true;
      void this.loop();
    }
  }

  private async loop(): Promise<void> {
    const { stop, clock, hosts, place } = this.options;
    const forget = hosts.transport(place).onConnection(() => {
      if (hosts.transport(place).connection.state === 'connected') {
        this.nap.abort();
      }
    });
    // What is given in one turn goes together.
    await Promise.resolve();
    while (this.orders.size > 0 && !stop.aborted) {
      this.nap = new AbortController();
      await this.round();
      if (this.orders.size > 0) {
        await clock.delay(this.restMs(), AbortSignal.any([this.nap.signal, stop]));
      }
    }
    forget();
    this.isRunning = false;
  }

  /** The one that waits least counts: the others are asked about with it. */
  private restMs(): number {
    const rounds = Math.min(...[...this.orders.values()].map(order => order.rounds));
    return rounds === 0 ? 0 : (DISTANCES_MS[rounds - 1] ?? LONGEST_MS);
  }

  private async round(): Promise<void> {
    const { board, hosts, log, place, stop } = this.options;
    // Those that were tried least go first, so that none waits for ever behind a full script.
    const ids = [...this.orders]
      .sort(([, a], [, b]) => a.rounds - b.rounds)
      .slice(0, MOST_AT_ONCE)
      .map(([id]) => id);
    const records = ids.map(id => board.get(id)).filter(record => this.isOpen(record));
    const transport = hosts.transport(place);
    try {
      if (records.length > 0) {
        await this.tell(transport, records);
      }
    } catch (error) {
      log.warn({ tasks: ids.length, err: error }, 'the cancel did not reach the host');
      if (waitsForPerson(error, transport)) {
        this.tried(ids);
        await untilConnected(transport, stop);
        return;
      }
    }
    this.tried(ids);
  }

  private tried(ids: readonly string[]): void {
    for (const id of ids) {
      const order = this.orders.get(id);
      if (order !== undefined) {
        order.rounds += 1;
      }
      order?.tried.splice(0).forEach(tell => {
        tell();
      });
    }
  }

  /** A task that ended before it had a job needs nothing more. */
  private isOpen(record: TaskRecord): boolean {
    const isOpen = record.jobId !== null || !isTerminal(record.phase);
    if (!isOpen) {
      this.settle(record.id, 'never-ran');
    }
    return isOpen;
  }

  private settle(id: string, outcome: CancelOutcome): void {
    const order = this.orders.get(id);
    this.orders.delete(id);
    this.options.settled(id, outcome);
    order?.tried.forEach(tell => {
      tell();
    });
  }

  /** One script: fences, then one cancel and one question for all that have a job. */
  private async tell(transport: ITransport, records: readonly TaskRecord[]): Promise<void> {
    const { place, hosts, log } = this.options;
    const scheduler = hosts.scheduler(place.scheduler);
    const jobs = records.flatMap(jobOf);
    const directories = records.map(record => runDirectory(record.place ?? place, record.id));
    const script = [
      buildFence(directories, 'end'),
      ...(jobs.length > 0 ? [scheduler.buildCancel(jobs), scheduler.buildQuery(jobs)] : [])
    ].join('\n');
    const action = jobs.length > 1 ? 'cancel the jobs' : 'cancel the job';
    const result = await transport.run(script, { action, timeoutMs: TIMEOUT_MS });
    if (jobs.length > 0) {
      const { ok, message } = scheduler.parseCancel(toAnswer(result));
      if (!ok) {
        log.warn({ answer: message }, 'the scheduler did not take the cancel');
      }
    }
    const replies = parseFence(result.stdout.toString(), records.length);
    this.hear(jobs, result, new Map(records.map(({ id }, i) => [id, replies[i]])));
    for (const [i, record] of records.entries()) {
      const reply = replies[i];
      if (record.jobId === null && reply !== undefined) {
        await this.heedDoubt(record, reply);
      }
    }
  }

  /** What the scheduler says of these jobs after it was told. */
  private hear(
    jobs: readonly JobRef[],
    result: RunResult,
    replies: ReadonlyMap<string, FenceReply | undefined>
  ): void {
    const { place, hosts, log } = this.options;
    if (jobs.length === 0) {
      return;
    }
    const outcome = hosts.scheduler(place.scheduler).parseQuery(toAnswer(result), jobs);
    if (outcome.kind === 'unanswered') {
      log.warn({ answer: outcome.message }, 'whether the jobs are gone could not be asked');
      return;
    }
    for (const { key, jobId } of jobs) {
      const report = outcome.reports.find(each => each.jobId === jobId);
      if (report === undefined ? this.isAbsent(key) : isOver(report.state)) {
        const reply = replies.get(key);
        const isFenced = reply !== undefined && 'owner' in reply && reply.owner.kind === 'fenced';
        this.settle(key, isFenced ? 'never-ran' : 'gone');
      }
    }
  }

  /** A job may be missing from one answer; not from two. */
  private isAbsent(id: string): boolean {
    const order = this.orders.get(id);
    if (order === undefined) {
      return false;
    }
    order.absences += 1;
    return order.absences > 1;
  }

  /** A task whose submit was not answered, or is on its way: the fence is there now. */
  private async heedDoubt(record: TaskRecord, reply: FenceReply): Promise<void> {
    const { board, inspector, accept, log, place } = this.options;
    if ('fault' in reply) {
      log.warn({ task: record.id, problem: reply.fault }, 'the run could not be fenced');
      return;
    }
    const found = await inspector.judge(record.place ?? place, record.id, reply, false);
    const order = this.orders.get(record.id);
    if (found.kind === 'job') {
      accept(record.id, found.jobId);
      // Told with the next round.
      if (order !== undefined) {
        order.rounds = -1;
      }
    } else if (found.kind === 'over' || found.kind === 'refused') {
      this.settle(record.id, 'never-ran');
    } else if (order !== undefined && !isFresh(reply)) {
      order.rounds = Math.max(order.rounds, DOUBT_ROUNDS);
      board.show(record.id, `giving up: ${giveUpWords(reply, place.scheduler)}`);
    }
  }
}

/** Whether the submit command has hardly begun, so that its answer is near. */
function isFresh({ startedAt, nowAt }: RunFacts): boolean {
  return startedAt !== null && nowAt - startedAt < FRESH_S;
}

function jobOf({ id, jobId, place }: TaskRecord): JobRef[] {
  return jobId === null || place === null
    ? []
    : [{ key: id, jobId, directory: runDirectory(place, id) }];
}
