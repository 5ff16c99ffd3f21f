import type { JobReport } from '../schedulers/scheduler';
import type { EndRecord } from '../store/task-record';
import { type Evidence, isOver } from './verdict';

/** What is being learned of one live task; nothing here needs to outlive the process. */
export class Watch {
  started = false;
  end: EndRecord | null = null;
  report: JobReport | 'absent' | null = null;
  drained = false;
  stirredAtMs: number;
  polledAtMs = 0;
  newsAtMs: number;
  /** When it was handed over, or began. */
  turnAtMs: number;
  private absentSinceMs: number | null = null;
  private overSinceMs: number | null = null;

  constructor(nowMs: number) {
    this.stirredAtMs = nowMs;
    this.newsAtMs = nowMs;
    this.turnAtMs = nowMs;
  }

  /** The job was started again: what the former attempt said no longer counts. */
  restart(nowMs: number): void {
    this.started = false;
    this.end = null;
    this.report = null;
    this.drained = false;
    this.absentSinceMs = null;
    this.overSinceMs = null;
    this.stirredAtMs = nowMs;
    this.turnAtMs = nowMs;
  }

  /** The scheduler spoke, or answered without this job. */
  hear(report: JobReport | 'absent', nowMs: number): void {
    this.report = report;
    this.drained = false;
    this.absentSinceMs = report === 'absent' ? (this.absentSinceMs ?? nowMs) : null;
    const over = report !== 'absent' && isOver(report.state);
    this.overSinceMs = over ? (this.overSinceMs ?? nowMs) : null;
  }

  evidence(
    task: Pick<Evidence, 'phase' | 'cancelRequested' | 'lagMs'> & { lastSeq: number },
    nowMs: number
  ): Evidence {
    const since = (ms: number | null): number => (ms === null ? 0 : Math.max(1, nowMs - ms));
    return {
      phase: task.phase,
      cancelRequested: task.cancelRequested,
      lagMs: task.lagMs,
      started: this.started,
      end: this.end,
      hasAllEvents: this.end !== null && task.lastSeq >= this.end.lastSeq,
      report: this.report,
      drained: this.drained,
      absentForMs: since(this.absentSinceMs),
      overForMs: since(this.overSinceMs)
    };
  }
}
