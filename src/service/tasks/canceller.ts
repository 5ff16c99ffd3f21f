import type { Logger } from 'pino';
import { isTerminal } from '../../shared/phases';
import type { Place, TaskRecord } from '../store/task-record';
import type { IClock } from './clock';
import { type CancelOutcome, HostCancels } from './host-cancels';
import { Hosts } from './hosts';
import { reasonOf } from './reason';
import type { RunInspector } from './run-inspector';
import type { TaskBoard } from './task-board';
import type { Verdict } from './verdict';

export type CancellerOptions = {
  board: TaskBoard;
  hosts: Hosts;
  inspector: RunInspector;
  clock: IClock;
  log: Logger;
  /** A job of a task that had none so far. */
  accept: (id: string, jobId: string) => void;
  /** The scheduler has heard it: the end is near. */
  told: (record: TaskRecord) => void;
  /** How a task ended. */
  decide: (record: TaskRecord, verdict: Verdict) => void;
  stop: AbortSignal;
};

/** What the worker wrote at its end may be seen that much later than the scheduler's word. */
const LAG_MS = { slurm: 30_000, process: 2000 } as const;

/**
 * Carries cancels to the hosts until their schedulers say that the jobs are gone. Each run is fenced with
 * it, so that a job that has not begun never runs a line of the person's code.
 */
export class Canceller {
  private readonly lanes = new Map<string, HostCancels>();
  /** Ends that wait for the scheduler's word that the job is gone. */
  private readonly held = new Map<string, Verdict>();
  private readonly pending = new Set<string>();

  constructor(private readonly options: CancellerOptions) {}

  /**
   * Cancel, for as long as that takes; resolves after the first try of it on each host. All that are
   * given in one turn go to a host in one script.
   */
  async cancel(ids: readonly string[]): Promise<void> {
    const rounds = ids.flatMap(id => {
      const { place } = this.options.board.get(id);
      if (place === null) {
        return [];
      }
      this.pending.add(id);
      return [this.lane(place).add(id)];
    });
    await Promise.all(rounds);
  }

  /** True where an end as canceled has to wait for the scheduler's word; it is taken up again then. */
  holds(record: TaskRecord, verdict: Verdict): boolean {
    if (verdict.phase !== 'canceled' || !this.pending.has(record.id)) {
      return false;
    }
    this.held.set(record.id, verdict);
    return true;
  }

  private lane(place: Place): HostCancels {
    const key = `${Hosts.key(place)} ${place.scheduler}`;
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      lane = new HostCancels({
        ...this.options,
        place,
        settled: (id, outcome) => {
          this.settled(id, outcome);
        }
      });
      this.lanes.set(key, lane);
    }
    return lane;
  }

  /** The scheduler's word is there, or there was nothing to wait for. */
  private settled(id: string, outcome: CancelOutcome): void {
    const { board, log, told, decide } = this.options;
    this.pending.delete(id);
    const held = this.held.get(id);
    this.held.delete(id);
    const record = board.get(id);
    log.info({ task: id, outcome }, 'canceled');
    if (isTerminal(record.phase)) {
      return;
    }
    if (outcome === 'never-ran' && record.phase !== 'fetching') {
      decide(record, { phase: 'canceled', reason: endReason(record) });
    } else if (held !== undefined && record.phase !== 'fetching') {
      decide(record, { ...held, reason: endReason(record) });
    } else {
      told(record);
      void this.endLater(record);
    }
  }

  /** A job that left no word of its end was ended all the same. */
  private async endLater({ id, place }: TaskRecord): Promise<void> {
    const { board, clock, stop, decide } = this.options;
    await clock.delay(LAG_MS[place?.scheduler ?? 'slurm'], stop);
    const record = board.get(id);
    if (!stop.aborted && !isTerminal(record.phase) && record.phase !== 'fetching') {
      decide(record, { phase: 'canceled', reason: endReason(record) });
    }
  }
}

/** A person's word why it ended goes before the plain one. */
function endReason({ reason }: TaskRecord): Verdict['reason'] {
  return reason?.code === 'given-up' ? reason : reasonOf.canceledByYou();
}
