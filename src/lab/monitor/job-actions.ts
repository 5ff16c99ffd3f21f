import type { Choice, Task } from '../../shared/wire/task';

/** What can be done with one job of the panel. */
export type JobActions = {
  cancel(task: Task): void;
  openLog(task: Task): void;
  goToCell(task: Task): void;
  openFiles(task: Task): void;
  logIn(task: Task): void;
  /** Look after it, give it up or run it again; asks first where that is needed. */
  decide(task: Task, choice: Choice): void;
  /** Bring a value that was kept, by its name. */
  bring(task: Task, name: string): void;
};
