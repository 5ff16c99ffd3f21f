import { isTerminal } from '../../shared/phases';
import type { TaskEvent } from '../../shared/wire/events';
import type { Rehearsal } from '../../shared/wire/rehearsal';
import type { PlanRequest } from '../../shared/wire/submit';
import type { Task } from '../../shared/wire/task';
import type { TargetBook } from '../targets/target-book';
import type { IClock } from '../tasks/clock';
import { rehearsalSeconds } from '../tasks/rehearsal-order';
import type { TaskService } from '../tasks/task-service';
import { findingOf } from './finding-of';
import { notebookOutputs } from './notebook-outputs';
import { rehearsalRequest } from './rehearsal-request';

export type RehearserOptions = {
  tasks: TaskService;
  targets: TargetBook;
  clock: IClock;
  /** Somebody waits for this task until the returned function is called. */
  view: (task: string) => () => void;
};

/** What a rehearsal may take before its first line: sending the bundle, and a slot. */
const LONGEST_START_MS = 240_000;
/** The worker keeps the limit by itself; after that much more it must have ended. */
const GRACE_MS = 20_000;
const PAGE = 1000;

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) {
      resolve();
    } else {
      signal.addEventListener('abort', () => {
        resolve();
      });
    }
  });
}

type Ended = { task: Task; isOverdue: boolean };

/** Runs the bundle of a plan on this machine, and says what was missing. */
export class Rehearser {
  constructor(private readonly options: RehearserOptions) {}

  /**
   * Rehearse what would run on a target. Resolves when the rehearsal has ended, or as soon as
   * nobody waits for it any more, which cancels it.
   *
   * Errors: `target-unknown`, `config-invalid`.
   */
  async rehearse(plan: PlanRequest, target: string, gone: AbortSignal): Promise<Rehearsal> {
    const { tasks, targets, view } = this.options;
    const here = await targets.find('here', plan.projectDir);
    const { id } = tasks.submit(rehearsalRequest(plan, target));
    const stopViewing = view(id);
    const limitMs = rehearsalSeconds(here) * 1000 + GRACE_MS;
    const { task, isOverdue } = await this.end(id, limitMs, gone).finally(stopViewing);
    const events = this.events(id);
    return { ...findingOf(task, events, isOverdue), task: id, outputs: notebookOutputs(events) };
  }

  /** Wait for the end of a task; one that takes too long, or that nobody waits for, is canceled. */
  private async end(id: string, limitMs: number, gone: AbortSignal): Promise<Ended> {
    const { tasks } = this.options;
    const over = new AbortController();
    let isOverdue = false;
    const ended = this.until(id, ({ phase }) => isTerminal(phase), over.signal);
    const cutOff = this.untilLate(id, limitMs, over.signal).then(isLate => {
      if (isLate) {
        isOverdue = true;
        tasks.cancel(id);
      }
      return ended;
    });
    try {
      await Promise.race([ended, cutOff, untilAborted(gone)]);
    } finally {
      over.abort();
    }
    return { task: gone.aborted ? tasks.cancel(id) : tasks.view(tasks.get(id)), isOverdue };
  }

  /** Resolves when a task has come to where `isThere` says so, or when the signal aborts. */
  private until(id: string, isThere: (task: Task) => boolean, over: AbortSignal): Promise<void> {
    const { tasks } = this.options;
    return new Promise(resolve => {
      const done = (): void => {
        stop();
        over.removeEventListener('abort', done);
        resolve();
      };
      const stop = tasks.listen({
        task: task => {
          if (task.id === id && isThere(task)) {
            done();
          }
        }
      });
      over.addEventListener('abort', done);
      if (over.aborted || isThere(tasks.view(tasks.get(id)))) {
        done();
      }
    });
  }

  /** Whether a task did not begin in time, or has not ended in time after it began. */
  private async untilLate(id: string, limitMs: number, over: AbortSignal): Promise<boolean> {
    const { clock } = this.options;
    const began = new AbortController();
    const starting = clock.delay(LONGEST_START_MS, AbortSignal.any([began.signal, over]));
    const start = this.until(id, ({ startedAt }) => startedAt !== null, over).then(() => true);
    const hasBegun = await Promise.race([start, starting.then(() => false)]);
    began.abort();
    if (hasBegun) {
      await clock.delay(limitMs, over);
    }
    return !over.aborted;
  }

  private events(id: string): TaskEvent[] {
    const { tasks } = this.options;
    const all: TaskEvent[] = [];
    for (;;) {
      const page = tasks.eventsAfter(id, all.at(-1)?.index ?? 0, PAGE);
      all.push(...page);
      if (page.length < PAGE) {
        return all;
      }
    }
  }
}
