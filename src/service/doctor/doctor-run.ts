import type { SluiceError } from '../../shared/errors';
import type { DoctorReport, DoctorStep } from '../../shared/wire/doctor';
import { blockedBy, type StepId, STEPS, waitingSteps } from './steps';

/** What a step came to. */
export type Finding = {
  state: 'passed' | 'warning' | 'failed' | 'skipped';
  found: string;
  details?: string[];
  problem?: SluiceError;
};

/** One run of the doctor as it grows; whoever waits is told of each change. */
export class DoctorRun {
  private readonly listeners = new Set<() => void>();
  private readonly stopping = new AbortController();
  private readonly startedMs = new Map<StepId, number>();
  private current: DoctorReport;

  constructor(
    id: string,
    target: string,
    private readonly nowMs: () => number
  ) {
    this.current = {
      id,
      target,
      host: null,
      state: 'running',
      version: 1,
      steps: waitingSteps(),
      limits: null,
      proposal: null,
      savedTo: null
    };
  }

  get report(): DoctorReport {
    return this.current;
  }

  /** Aborts when the person has had enough. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  get isOver(): boolean {
    return this.current.state !== 'running';
  }

  cancel(): void {
    this.stopping.abort(new DOMException('the doctor was canceled', 'AbortError'));
  }

  note(change: Partial<Pick<DoctorReport, 'host' | 'limits' | 'proposal' | 'savedTo'>>): void {
    this.patch(change);
  }

  /** A step begins; what it says meanwhile replaces what it said before. */
  begin(id: StepId, found: string | null = null): void {
    if (!this.startedMs.has(id)) {
      this.startedMs.set(id, this.nowMs());
    }
    this.patchStep(id, { state: 'running', found });
  }

  end(id: StepId, { state, found, details = [], problem }: Finding): void {
    const seconds = (this.nowMs() - (this.startedMs.get(id) ?? this.nowMs())) / 1000;
    this.patchStep(id, {
      state,
      found,
      details,
      problem: problem?.toProblem() ?? null,
      seconds: Math.round(seconds * 1000) / 1000
    });
  }

  /** Whether a step can be done; one that needs what failed is skipped, and says so. */
  canDo(id: StepId): boolean {
    const blocker = blockedBy(id, this.current.steps);
    if (blocker !== null) {
      this.end(id, { state: 'skipped', found: `needs “${STEPS[blocker].title}”` });
    }
    return blocker === null;
  }

  stateOf(id: StepId): DoctorStep['state'] {
    return this.current.steps.find(step => step.id === id)?.state ?? 'waiting';
  }

  /** The last change: what was not come to is skipped. */
  finish(): void {
    const isCanceled = this.signal.aborted;
    for (const { id, state } of this.current.steps) {
      const isLeft = state === 'waiting' || state === 'running';
      if (isLeft && this.canDo(id)) {
        const words = state === 'running' ? 'not finished' : 'not done';
        this.end(id, { state: 'skipped', found: isCanceled ? 'canceled' : words });
      }
    }
    const hasFailed = this.current.steps.some(({ state }) => state === 'failed');
    this.patch({ state: isCanceled ? 'canceled' : hasFailed ? 'failed' : 'passed' });
  }

  /** Be told of each change until the returned function is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private patchStep(id: StepId, change: Partial<DoctorStep>): void {
    this.patch({
      steps: this.current.steps.map(step => (step.id === id ? { ...step, ...change } : step))
    });
  }

  private patch(change: Partial<DoctorReport>): void {
    this.current = { ...this.current, ...change, version: this.current.version + 1 };
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}
