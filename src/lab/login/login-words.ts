import type { TranslationBundle } from '@jupyterlab/translation';
import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { LoginProgress } from './logins';

/** Reasons that a login of the person ends. */
const WAITS_FOR_LOGIN: ReadonlySet<string> = new Set([
  'needs-login',
  'login-canceled',
  'login-paused'
]);

/** Whether a task goes on once its person has logged in. */
export function waitsForLogin({ phase, reason }: Task): boolean {
  return !isTerminal(phase) && reason !== null && WAITS_FOR_LOGIN.has(reason.code);
}

/** Whether a login is under way: then nobody needs to begin one. */
export function isLoggingIn(progress: LoginProgress | null): boolean {
  return progress?.kind === 'connecting' || progress?.kind === 'asking';
}

/** Whether a task that is being handed over stands still because its host asks a person. */
export function waitsForAnswer({ phase }: Task, progress: LoginProgress | null): boolean {
  return progress?.kind === 'asking' && (phase === 'preparing' || phase === 'submitting');
}

/** How far the login is, in words; null: nothing to say beside the task's own reason. */
export function loginWords(
  target: string,
  progress: LoginProgress | null,
  trans: TranslationBundle
): string | null {
  switch (progress?.kind) {
    case undefined:
      return null;
    case 'connecting':
      return trans.__('connecting to %1…', target);
    case 'asking':
      return trans.__('waiting for your answer to %1', target);
    case 'failed':
      return `${progress.problem.message} ${progress.problem.hint}`;
  }
}
