import { isTerminal } from '../../shared/phases';
import type { JobReport, QueryOutcome } from '../schedulers/scheduler';
import type { EventStore } from '../store/event-store';
import type { TaskRecord } from '../store/task-record';
import type { IClock } from './clock';
import type { Judgement } from './evidence';
import { wasStopped } from './end-rules';
import { formerAttempt } from './former-attempt';
import type { TaskBoard } from './task-board';
import { usageOf } from './usage-of';
import { judge, type Verdict } from './verdict';
import type { Watch } from './watch';

export type VerdictDeskOptions = {
  board: TaskBoard;
  events: EventStore;
  clock: IClock;
  /** Called with each verdict that changes something. */
  decide: (record: TaskRecord, verdict: Verdict) => void;
  /** The scheduler's word is wanted soon. */
  ask: (record: TaskRecord) => void;
  /** The job was started again, and its files of that attempt are what counts. */
  follow: (record: TaskRecord) => void;
};

/** Nodes write what we read on another host: NFS may hide a new file for as long as that. */
const CLUSTER_LAG_MS = 30_000;
/** The host that wrote how a job ended wrote the job's end record before. */
const ONE_HOST_LAG_MS = 1000;
/** While it is uncertain, the scheduler is asked about as often. */
const LOOK_AGAIN_MS = 60_000;

type Answered = Extract<QueryOutcome, { kind: 'answered' }>;

/** What the scheduler said last of an attempt. */
function reportIn(watch: Watch, attempt: number): JobReport | null {
  const word = watch.word(attempt);
  return word === 'absent' ? null : word;
}

/** Brings what a watch has learned into the task's record: its verdict, and what a run took. */
export class VerdictDesk {
  constructor(private readonly options: VerdictDeskOptions) {}

  /** The scheduler answered; `report`: what it said of this job. */
  hear(task: string, watch: Watch, report: JobReport | undefined, answer: Answered): void {
    const { board, clock } = this.options;
    const { attempt, node, estimatedStart } = board.get(task);
    const heartbeats = (answer.heartbeats ?? []).filter(
      beat => beat.jobId === board.get(task).jobId && beat.attempt >= attempt
    );
    const nowMs = clock.elapsedMs();
    const { at = null, books = null } = answer;
    watch.hear(report ?? 'absent', { nowMs, at, heartbeats, books });
    const change = {
      node: (report?.restarts ?? 0) < attempt ? node : (report?.node ?? node),
      estimatedStart: report?.estimatedStart ?? null
    };
    if (change.node !== node || change.estimatedStart !== estimatedStart) {
      board.patch(task, change);
    }
    this.judge(task, watch);
  }

  /** The job was started again as this attempt: what is known of the former one is put aside. */
  restart(task: string, watch: Watch | undefined, attempt: number): void {
    const { board, clock } = this.options;
    const record = board.get(task);
    const former = formerAttempt({
      record,
      report: watch === undefined ? null : reportIn(watch, record.attempt),
      end: watch?.end ?? null,
      startedAt: this.startedAt(record),
      nowMs: clock.nowMs()
    });
    watch?.restart(clock.elapsedMs(), attempt);
    board.patch(task, {
      attempt,
      end: null,
      results: [],
      node: null,
      startedAt: null,
      formerAttempts: [...record.formerAttempts, former]
    });
  }

  /** Judge what is known, and act on what is new. */
  judge(task: string, watch: Watch): void {
    const { clock, ask, events } = this.options;
    const record = this.options.board.get(task);
    const { phase, attempt, cancelRequested, place } = record;
    const known = {
      phase,
      attempt,
      cancelRequested,
      lastSeq: events.lastSeq(task, attempt),
      lagMs: place?.scheduler === 'process' ? ONE_HOST_LAG_MS : CLUSTER_LAG_MS,
      python: place?.python ?? null
    };
    const judgement = judge(watch.evidence(known, clock.elapsedMs()));
    if (judgement.needsWord && !watch.needsWord) {
      watch.stirredAtMs = clock.elapsedMs();
      ask(record);
    }
    watch.needsWord = judgement.needsWord;
    this.act(record, watch, judgement);
  }

  private act(record: TaskRecord, watch: Watch, judgement: Judgement): void {
    const { board, decide, follow } = this.options;
    const { phase, reason, nextAttempt } = judgement;
    if (phase !== null && this.isNews(record, { phase, reason })) {
      const change = isTerminal(phase) ? this.ending(record, watch) : this.doubt(phase, judgement);
      decide(board.patch(record.id, change), { phase, reason });
    }
    if (nextAttempt !== null && nextAttempt > record.attempt) {
      this.restart(record.id, watch, nextAttempt);
      follow(board.get(record.id));
    }
  }

  private isNews(record: TaskRecord, { phase, reason }: Verdict): boolean {
    const { reason: before, nextCheckAt } = record;
    const isDue = phase === 'unknown' && (nextCheckAt ?? 0) < this.options.clock.nowMs();
    const isSaid = reason?.message === before?.message && reason?.token === before?.token;
    return phase !== record.phase || !isSaid || isTerminal(phase) || isDue;
  }

  /** While it is uncertain, when Sluice looks next. */
  private doubt(phase: Verdict['phase'], { nextCheckMs }: Judgement): Partial<TaskRecord> {
    const nowMs = this.options.clock.nowMs();
    return {
      nextCheckAt: phase === 'unknown' ? nowMs + (nextCheckMs ?? LOOK_AGAIN_MS) : null
    };
  }

  /** What is known of an attempt once it is over. */
  private ending(record: TaskRecord, watch: Watch): Partial<TaskRecord> {
    const { end, exit } = watch;
    const report = reportIn(watch, record.attempt);
    const isStopped = wasStopped({ end });
    const finishedAt = this.finishedAt(record);
    const endedAt = record.adoptedFrom === null || finishedAt === null ? null : finishedAt * 1000;
    return {
      end,
      endedAt,
      nextCheckAt: null,
      estimatedStart: null,
      isPartial: end?.status === 'time-up' || (isStopped && record.results.length > 0),
      usage: usageOf({
        worker: end?.usage ?? null,
        books: report?.usage ?? null,
        startedAt: this.startedAt(record) ?? report?.startedAt ?? null,
        endedAt: finishedAt ?? exit?.at ?? report?.endedAt ?? null
      })
    };
  }

  /** When the worker of the attempt began, by the cluster's clock. */
  private startedAt({ id, attempt }: TaskRecord): number | null {
    const event = this.options.events.newest(id, attempt, 'started');
    return event?.type === 'started' ? event.data.at : null;
  }

  private finishedAt({ id, attempt }: TaskRecord): number | null {
    const event = this.options.events.newest(id, attempt, 'finished');
    return event?.type === 'finished' ? event.data.at : null;
  }
}
