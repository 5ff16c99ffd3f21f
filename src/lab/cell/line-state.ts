import type { Problem } from '../../shared/errors';
import type { Task } from '../../shared/wire/task';
import type { LoginProgress } from '../login/logins';
import type { Notice } from './notice-words';

/** What is done before there is a task; `asking-you`: a dialog waits for the person. */
export type LocalStep = 'asking-kernel' | 'asking-you' | 'sending';

/** What the line of a cell has to show, before words are made of it. */
export type LineState =
  /** Something is being done here, before there is a task. */
  | { kind: 'local'; target: string | null; step: LocalStep; since: number }
  /** Sluice itself could not do it, and there is no task that says so. */
  | { kind: 'problem'; problem: Problem }
  | {
      kind: 'task';
      task: Task;
      /** False: another page writes the outputs. */
      isWriter: boolean;
      /** The source is not what was sent. */
      isEdited: boolean;
      /** Part of the text is only in the log. */
      isShortened: boolean;
      /** What a person should know about what came home. */
      notes: readonly string[];
      isDismissed: boolean;
      /** The job was told that it will have to leave; null: it was not. */
      notice: Notice | null;
      /** How far a login at its target is. */
      login: LoginProgress | null;
    };
