import type { TranslationBundle } from '@jupyterlab/translation';
import { isTerminal } from '../../shared/phases';
import type { Choice, HomeVariable, Task } from '../../shared/wire/task';
import { isLoggingIn, loginWords, waitsForAnswer, waitsForLogin } from '../login/login-words';
import { fileSummaryWords } from '../words/file-summary-words';
import { phaseWord } from '../words/phase-words';
import { phaseSince } from '../words/task-clock';
import { stateWord, taskLook, type TaskLook } from '../words/task-look';
import { usageWords } from '../words/usage-words';
import type { LineState, LocalStep } from './line-state';
import { noticeWords } from './notice-words';

export type LineIcon = TaskLook | 'login';

/** What the line shows, in words. */
export type LineContent = {
  icon: LineIcon;
  words: string;
  /** What a person can do about it, and what else they should know; each a sentence of its own. */
  notes: readonly string[];
  /** What preparing the task found worth a look; folded, since it forbids nothing. */
  findings: readonly string[];
  /** Slurm's own word, for the tooltip. */
  token: string | null;
  /** The clock counts from here; null: no clock. */
  since: number | null;
  /** The clock tells when Sluice looks next, instead; null: nothing is uncertain. */
  nextCheckAt: number | null;
  /** As the scheduler expects it, in ISO 8601; told beside the clock. */
  estimatedStart: string | null;
  /** What may be decided about a task of which it is not known what became of it. */
  choices: readonly Choice[];
  /** Where the task runs or ran. */
  target: string;
  /** Values that are whole elsewhere, and come by the person's word. */
  kept: readonly HomeVariable[];
  canCancel: boolean;
  hasLog: boolean;
  canDismiss: boolean;
  /** A login of the person is what it waits for, and none is under way. */
  canLogIn: boolean;
  /** It wrote files that are worth a look. */
  hasFiles: boolean;
};

/** The words for a cell's state; null: nothing to show. */
export function lineContent(state: LineState | null, trans: TranslationBundle): LineContent | null {
  switch (state?.kind) {
    case undefined:
      return null;
    case 'local':
      return localContent(state, trans);
    case 'problem':
      return {
        ...QUIET,
        icon: 'failed',
        words: state.problem.message,
        notes: [state.problem.hint],
        canDismiss: true
      };
    case 'task':
      if (state.isDismissed) {
        return null;
      }
      return isTerminal(state.task.phase) ? endContent(state, trans) : liveContent(state, trans);
  }
}

const QUIET = {
  notes: [],
  findings: [],
  token: null,
  since: null,
  nextCheckAt: null,
  estimatedStart: null,
  choices: [],
  target: '',
  kept: [],
  canCancel: false,
  hasLog: false,
  canDismiss: false,
  canLogIn: false,
  hasFiles: false
} as const;

type TaskState = Extract<LineState, { kind: 'task' }>;

function localContent(
  state: Extract<LineState, { kind: 'local' }>,
  trans: TranslationBundle
): LineContent {
  const words = localWords(state.step, trans);
  return {
    ...QUIET,
    icon: 'waiting',
    words: state.target === null ? words : `${state.target} · ${words}`,
    since: state.since,
    canCancel: true
  };
}

function localWords(step: LocalStep, trans: TranslationBundle): string {
  switch (step) {
    case 'asking-kernel':
      return trans.__('preparing: %1', trans.__('asking the kernel what the cell needs'));
    case 'asking-you':
      return trans.__('waiting for your choice; nothing was sent');
    case 'sending':
      return trans.__('preparing: %1', trans.__('handing over'));
  }
}

function liveContent(state: TaskState, trans: TranslationBundle): LineContent {
  const { task, login } = state;
  const needsLogin = waitsForLogin(task);
  return {
    ...QUIET,
    icon: needsLogin ? 'login' : taskLook(task),
    words: `${task.target} · ${needsLogin ? loginLine(state, trans) : liveWords(state, trans)}`,
    notes: [
      ...(needsLogin && isLoggingIn(login) ? [] : hintOf(task)),
      ...loginNotes(state, trans),
      ...(task.uncertain && task.phase !== 'unknown'
        ? [trans.__('That is what was last known; at present Sluice cannot see the job.')]
        : []),
      ...stateNotes(state, trans)
    ],
    findings: findingsOf(task),
    token: task.reason?.token ?? null,
    since: phaseSince(task),
    nextCheckAt: task.uncertain ? task.nextCheckAt : null,
    estimatedStart: task.phase === 'queued' ? task.estimatedStart : null,
    choices: task.choices,
    // Giving up is the cancel of a task of which nothing is certain.
    canCancel: !task.cancelRequested && !task.choices.includes('give-up'),
    hasLog: task.lastIndex > 0,
    canLogIn: needsLogin && !isLoggingIn(login)
  };
}

/** The phase, and that it goes on after a login. */
function loginLine({ task, login }: TaskState, trans: TranslationBundle): string {
  const phase = phaseWord(task.phase, trans);
  if (isLoggingIn(login)) {
    return `${phase}: ${loginWords(task.target, login, trans)}`;
  }
  const message = task.reason?.message ?? '';
  return task.reason?.code === 'login-paused'
    ? trans.__('%1, logins are paused: %2', phase, message)
    : trans.__('%1, needs login: %2', phase, message);
}

/** A login that failed says why, as long as the task still waits for one. */
function loginNotes({ task, login }: TaskState, trans: TranslationBundle): string[] {
  const words = login?.kind === 'failed' ? loginWords(task.target, login, trans) : null;
  const isKnown = login?.kind === 'failed' && login.problem.message === task.reason?.message;
  return words === null || isKnown || !waitsForLogin(task) ? [] : [words];
}

function liveWords({ task, login, notice }: TaskState, trans: TranslationBundle): string {
  const word = stateWord(task, trans);
  if (task.cancelRequested && task.phase === 'unknown') {
    // That takes its time: Sluice looks until no job of it can turn up any more.
    const message = task.reason?.message ?? null;
    const words = trans.__('unknown, being given up');
    return message === null ? words : `${words}: ${message}`;
  }
  if (task.cancelRequested) {
    return trans.__('%1, canceling', word);
  }
  if (task.phase === 'running' && (task.node !== null || notice !== null)) {
    const place = task.node === null ? word : trans.__('running on %1', task.node);
    return notice === null ? place : `${place}: ${noticeWords(notice, trans)}`;
  }
  if (waitsForAnswer(task, login)) {
    return `${word}: ${loginWords(task.target, login, trans)}`;
  }
  const detail = task.progress ?? task.reason?.message ?? null;
  return detail === null ? word : `${word}: ${detail}`;
}

function endContent(state: TaskState, trans: TranslationBundle): LineContent | null {
  const { task } = state;
  const left = task.files?.pinned === true ? task.files : null;
  const files = left ? [fileSummaryWords(left, task.target, trans)] : [];
  // After the end that is files on their way home.
  const progress = task.progress === null ? [] : [task.progress];
  const kept = task.variables.filter(variable => variable.kept != null);
  const notes = [...files, ...progress, ...stateNotes(state, trans)];
  if (task.phase === 'completed' && notes.length === 0 && kept.length === 0) {
    return null;
  }
  const word = stateWord(task, trans);
  const message = task.reason?.message ?? null;
  return {
    ...QUIET,
    icon: taskLook(task),
    words: `${task.target} · ${message === null ? word : `${word}: ${message}`}`,
    notes: [...hintOf(task), ...endNotes(task, trans), ...notes],
    findings: findingsOf(task),
    token: task.reason?.token ?? null,
    target: task.target,
    kept,
    hasLog: task.lastIndex > 0,
    canDismiss: true,
    hasFiles: left !== null
  };
}

/** What is there of a task that did not come to its end, and what it took. */
function endNotes(task: Task, trans: TranslationBundle): string[] {
  const usage = task.phase === 'completed' ? null : usageWords(task.usage, trans);
  return [
    ...(task.isPartial ? [trans.__('Partial results are here.')] : []),
    ...(usage === null ? [] : [trans.__('Used: %1.', usage.short)])
  ];
}

function findingsOf({ notes }: Task): string[] {
  return notes.map(({ name, text }) => `${name}: ${text}`);
}

function hintOf(task: Task): string[] {
  const hint = task.reason?.hint ?? null;
  return hint === null ? [] : [hint];
}

function stateNotes(state: TaskState, trans: TranslationBundle): string[] {
  const notes = [...state.notes];
  if (!state.isWriter) {
    notes.push(trans.__('Another window writes the outputs.'));
  }
  if (state.isEdited) {
    notes.push(trans.__('The outputs are from an earlier version of this cell.'));
  }
  if (state.task.hasUnverified) {
    notes.push(
      trans.__(
        'Some outputs bear no valid seal of the job: they are shown as text and not trusted.'
      )
    );
  }
  if (state.isShortened) {
    notes.push(trans.__('The whole text is in the log.'));
  }
  return notes;
}
