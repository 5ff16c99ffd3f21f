import type { Task } from '../../shared/wire/task';
import type { IClock } from '../clock';
import type { ILogins } from '../login/logins';
import type { ISluiceService } from '../service';
import type { ITaskStore } from '../tasks/task-store';
import type { Trust } from './execution-mark';
import type { ShownLimits } from './output-steps';
import type { OutputTexts } from './output-texts';

/** What the run of a cell needs from the rest of the page. */
export type RunSurroundings = {
  service: ISluiceService;
  store: ITaskStore;
  logins: ILogins;
  clock: IClock;
  texts: OutputTexts;
  /** How much stream text a cell shows; asked when a run starts. */
  shown(): ShownLimits;
  /** The trust of a target; `none` when the target is not known. */
  trustOf(target: string): Trust;
  /** Put what came home into the notebook's kernel; sentences a person should read, if any. */
  restore(task: Task): Promise<readonly string[]>;
  /** The hash of a source; null where it cannot be had. */
  hash(source: string): Promise<string | null>;
};
