import type { Logger } from 'pino';
import { SluiceError } from '../../shared/errors';
import type { Place, TaskRecord } from '../store/task-record';
import type { IClock } from './clock';
import type { Finding } from './doubt';
import type { Hosts } from './hosts';
import { waitsForPerson } from './login-wait';
import { reasonOf } from './reason';
import type { RunInspector } from './run-inspector';
import type { TaskBoard } from './task-board';

export type SearcherOptions = {
  board: TaskBoard;
  hosts: Hosts;
  inspector: RunInspector;
  clock: IClock;
  log: Logger;
  /** The job was found. */
  accept: (id: string, jobId: string) => void;
  /** Nobody has begun to hand it over: do it now. Resolves when that has come to something. */
  handOver: (record: TaskRecord, place: Place) => Promise<void>;
  stop: AbortSignal;
};

const MINUTE_MS = 60_000;
const DISTANCES_MS = [15_000, 30_000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS];
const LONGEST_MS = 15 * MINUTE_MS;

type Watch = { nap: AbortController; rounds: number; looked: (() => void)[] };

/** Looks for jobs whose submit was never answered, for as long as it takes. */
export class Searcher {
  private readonly watches = new Map<string, Watch>();

  constructor(private readonly options: SearcherOptions) {}

  /** Search until something certain is found, or the task is to end; each look is farther from the last. */
  async search(id: string): Promise<void> {
    if (this.watches.has(id)) {
      return;
    }
    const watch: Watch = { nap: new AbortController(), rounds: 0, looked: [] };
    this.watches.set(id, watch);
    const forget = this.heed(id, watch);
    try {
      while (this.isOpen(id)) {
        const looked = watch.looked.splice(0);
        await this.look(id);
        looked.forEach(tell => {
          tell();
        });
        if (this.isOpen(id)) {
          await this.rest(id, watch);
        }
      }
    } finally {
      forget();
      this.watches.delete(id);
      watch.looked.forEach(tell => {
        tell();
      });
    }
  }

  /** A person asks: look now; resolves after that look. */
  async now(id: string): Promise<void> {
    const watch = this.watches.get(id);
    if (watch !== undefined) {
      await new Promise<void>(resolve => {
        watch.looked.push(resolve);
        this.wake(watch);
      });
    }
  }

  /** The task is to end: nothing is looked for any more. */
  forget(id: string): void {
    const watch = this.watches.get(id);
    if (watch !== undefined) {
      this.wake(watch);
    }
  }

  private isOpen(id: string): boolean {
    const { phase, jobId, cancelRequested } = this.options.board.get(id);
    return !this.options.stop.aborted && phase === 'unknown' && jobId === null && !cancelRequested;
  }

  private wake(watch: Watch): void {
    watch.rounds = 0;
    watch.nap.abort();
  }

  /** A host that comes back is asked at once. */
  private heed(id: string, watch: Watch): () => void {
    const { place } = this.options.board.get(id);
    if (place === null) {
      return () => undefined;
    }
    const transport = this.options.hosts.transport(place);
    let before = transport.connection.state;
    return transport.onConnection(() => {
      const { state } = transport.connection;
      if (state === 'connected' && before !== state) {
        this.wake(watch);
      }
      before = state;
    });
  }

  private async rest(id: string, watch: Watch): Promise<void> {
    const { board, clock, stop } = this.options;
    const waitMs = DISTANCES_MS[watch.rounds] ?? LONGEST_MS;
    watch.rounds += 1;
    watch.nap = new AbortController();
    if (watch.looked.length > 0) {
      return;
    }
    board.patch(id, { nextCheckAt: clock.nowMs() + waitMs });
    await clock.delay(waitMs, AbortSignal.any([watch.nap.signal, stop]));
  }

  private async look(id: string): Promise<void> {
    const { board, inspector, hosts, log, stop } = this.options;
    const { place } = board.get(id);
    if (place === null) {
      throw new Error(`task ${id} is looked for without a place`);
    }
    try {
      const finding = await inspector.find(place, id);
      if (this.isOpen(id)) {
        await this.apply(id, place, finding);
      }
    } catch (error) {
      if (stop.aborted || !this.isOpen(id)) {
        return;
      }
      log.warn({ task: id, err: error }, 'the job could not be looked for');
      const { target } = board.get(id);
      const { host } = hosts.transport(place);
      const reason = waitsForPerson(error, hosts.transport(place))
        ? reasonOf.needsLogin(host, target, error)
        : doubtReason(lostWords(host, error));
      board.patch(id, { reason });
    }
  }

  private async apply(id: string, place: Place, finding: Finding): Promise<void> {
    const { board, accept, handOver, log } = this.options;
    switch (finding.kind) {
      case 'job':
        accept(id, finding.jobId);
        break;
      case 'open':
        log.info({ task: id }, 'no hand-over of it had begun: it is handed over');
        await handOver(board.get(id), place);
        break;
      case 'refused': {
        const fault = new SluiceError('sbatch-refused', { stderr: finding.message });
        board.move(id, 'failed', { reason: reasonOf.problem(fault.toProblem()) });
        break;
      }
      case 'over':
        board.move(id, 'canceled', { reason: reasonOf.canceledByYou() });
        break;
      case 'doubt':
        board.patch(id, { reason: doubtReason(finding.problem) });
    }
  }
}

/** What is known of a submit that cannot be decided, in words; `problem` is part of a sentence. */
export function doubtReason(problem: string): NonNullable<TaskRecord['reason']> {
  return reasonOf.problem(new SluiceError('submission-unknown', { problem }).toProblem());
}

/** The host cannot be asked. */
export function lostWords(host: string, error: unknown): string {
  const said =
    error instanceof SluiceError ? error.message.replace(/\.$/, '') : 'it gave no answer';
  return `its answer was lost on the way, and ${host} cannot be asked now: ${said}`;
}
