import type { Heartbeat, JobReport } from '../schedulers/scheduler';
import type { EndRecord, ExitRecord } from '../store/task-record';
import type { Evidence } from './evidence';
import { isOver } from './over-states';

/** What else came with the scheduler's word, and when. */
export type Answer = {
  nowMs: number;
  /** The time on the cluster; null: it did not tell. */
  at: number | null;
  heartbeats: readonly Heartbeat[];
  books: string | null;
};

/** What the task's record adds to the evidence. */
export type Known = Pick<Evidence, 'phase' | 'attempt' | 'cancelRequested' | 'lagMs' | 'python'> & {
  lastSeq: number;
};

/** A worker says every 10 s that it lives, and file systems may hide that for 30 s. */
const BEAT_MS = 45_000;
/** Clocks of a cluster differ by less, or its parts would not talk to each other. */
const SKEW_MS = 5 * 60_000;

/** What is being learned of one live task; times are of a clock that nobody sets. Nothing here outlives the process. */
export class Watch {
  started = false;
  end: EndRecord | null = null;
  exit: ExitRecord | null = null;
  report: JobReport | 'absent' | null = null;
  /** What it last said of an end: the scheduler forgets a job that is over, within seconds where a site wants it. */
  private lastOver: JobReport | null = null;
  /** Only the scheduler can say what comes next. */
  needsWord = false;
  cancelTold = false;
  stirredAtMs: number;
  polledAtMs = -Infinity;
  newsAtMs: number;
  /** When it was handed over, or began. */
  turnAtMs: number;
  private speaks = false;
  private drained = false;
  /** A word came that the last look at the files may have been too early for. */
  private hasFreshWord = false;
  private beats: Evidence['beats'] = 'no';
  private lastBeatAt: number | null = null;
  /** When the newest beat was first seen, and whether there was one before. */
  private beatSinceMs = 0;
  private hasMoved = false;
  private books: string | null = null;
  private endSinceMs = 0;
  private exitSinceMs = 0;
  private absentSinceMs: number | null = null;
  /** Between the first answer without the job and the last. */
  private absentForMs = 0;
  private overSinceMs: number | null = null;
  private heardAtMs = 0;

  constructor(nowMs: number) {
    this.stirredAtMs = nowMs;
    this.newsAtMs = nowMs;
    this.turnAtMs = nowMs;
  }

  /** The job was started again: what the former attempt said no longer counts, nor what was said of it. */
  restart(nowMs: number, attempt: number): void {
    const { overSinceMs, books, cancelTold, polledAtMs, needsWord } = this;
    const report = this.word(attempt);
    const hasBeat = this.lastBeatAt !== null || this.beats !== 'no';
    Object.assign(this, new Watch(nowMs), { books, cancelTold, polledAtMs, needsWord });
    if (report !== null && report !== 'absent' && report.restarts >= attempt) {
      this.report = report;
      this.lastOver = isOver(report.state) ? report : null;
      this.overSinceMs = overSinceMs;
      // A beat that was heard may be this attempt's.
      this.beats = hasBeat ? 'maybe' : 'no';
      this.unsettle();
    }
  }

  /** The worker said something. */
  speak(nowMs: number): void {
    this.newsAtMs = nowMs;
    this.speaks = true;
    if (this.report === 'absent') {
      this.report = null;
      this.lastOver = null;
      this.overSinceMs = null;
      this.absentSinceMs = null;
      this.absentForMs = 0;
    }
  }

  hearEnd(end: EndRecord | null, nowMs: number): void {
    if (this.end === null && end !== null) {
      this.end = end;
      this.endSinceMs = nowMs;
      this.newsAtMs = nowMs;
    }
  }

  hearExit(exit: ExitRecord | null, nowMs: number): void {
    if (this.exit === null && exit !== null) {
      this.exit = exit;
      this.exitSinceMs = nowMs;
      this.newsAtMs = nowMs;
      this.unsettle();
    }
  }

  /** The scheduler spoke, or answered without this job. */
  hear(report: JobReport | 'absent', answer: Answer): void {
    const { nowMs, at, heartbeats, books } = answer;
    this.report = report;
    this.heardAtMs = nowMs;
    this.books = books;
    this.drained = false;
    const isGone = report === 'absent';
    this.absentSinceMs = isGone ? (this.absentSinceMs ?? nowMs) : null;
    this.absentForMs = this.absentSinceMs === null ? 0 : Math.max(1, nowMs - this.absentSinceMs);
    if (!isGone) {
      this.lastOver = isOver(report.state) ? report : null;
    }
    const isPast = !isGone && (isOver(report.state) || report.state === 'preempted');
    if (isPast) {
      this.overSinceMs = Math.min(this.overSinceMs ?? nowMs, whenOver(report, at, nowMs));
    } else if (this.lastOver === null) {
      this.overSinceMs = null;
    }
    this.hearBeats(heartbeats, answer);
  }

  /** A whole look at the worker's files; `grew`: with something new. */
  pass(grew: boolean): void {
    const hasWord = this.report !== null || this.exit !== null;
    this.drained = hasWord && !grew && !this.hasFreshWord;
    this.hasFreshWord = false;
  }

  evidence({ lastSeq, ...known }: Known, nowMs: number): Evidence {
    const { end, exit } = this;
    return {
      ...known,
      cancelTold: this.cancelTold,
      started: this.started,
      speaks: this.speaks,
      end,
      hasAllEvents: end !== null && lastSeq >= end.lastSeq,
      endForMs: end === null ? 0 : nowMs - this.endSinceMs,
      exit,
      exitForMs: exit === null ? 0 : nowMs - this.exitSinceMs,
      report: this.word(known.attempt),
      drained: this.drained,
      beats: this.beats,
      absentForMs: this.absentForMs,
      overForMs: this.overForMs(nowMs),
      books: this.books
    };
  }

  /** The scheduler's newest word on this attempt; that it has forgotten the job since takes no end back. */
  word(attempt: number): JobReport | 'absent' | null {
    const { report, lastOver } = this;
    return report === 'absent' && lastOver !== null && lastOver.restarts >= attempt
      ? lastOver
      : report;
  }

  /** A preempted job may be queued again since: of it only the time between answers counts. */
  private overForMs(nowMs: number): number {
    const isPreempted = reportState(this.report) === 'preempted';
    const untilMs = isPreempted ? this.heardAtMs : nowMs;
    return this.overSinceMs === null ? 0 : Math.max(1, untilMs - this.overSinceMs);
  }

  private unsettle(): void {
    this.drained = false;
    this.hasFreshWord = true;
  }

  /** Only a beat that moves is a sign of life; the first that is seen may be the last, unless it is old. */
  private hearBeats(heartbeats: readonly Heartbeat[], { at, nowMs }: Answer): void {
    const beatAt = heartbeats.at(-1)?.at ?? null;
    if (beatAt === null) {
      this.beats = 'no';
      return;
    }
    if (beatAt !== this.lastBeatAt) {
      this.hasMoved = this.lastBeatAt !== null;
      this.beatSinceMs = nowMs;
      this.lastBeatAt = beatAt;
    }
    const isOld = !this.hasMoved && at !== null && (at - beatAt) * 1000 > BEAT_MS + SKEW_MS;
    const isRecent = nowMs - this.beatSinceMs < BEAT_MS && !isOld;
    this.beats = isRecent ? (this.hasMoved ? 'yes' : 'maybe') : 'no';
  }
}

const reportState = (report: Watch['report']): string | null =>
  report === null || report === 'absent' ? null : report.state;

/** When the job ended at the latest, by the cluster's clocks; now where they do not tell. */
function whenOver({ endedAt }: JobReport, at: number | null, nowMs: number): number {
  const agoMs = at === null || typeof endedAt !== 'number' ? 0 : (at - endedAt) * 1000 - SKEW_MS;
  return nowMs - Math.max(0, agoMs);
}
