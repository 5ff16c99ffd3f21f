import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import { isTerminal, type Phase } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import { doneIcon, failedIcon, loginIcon, unknownIcon, waitingIcon, workingIcon } from '../icons';
import { isLoggingIn, loginWords, waitsForAnswer, waitsForLogin } from '../login/login-words';
import type { LoginProgress } from '../login/logins';
import { CodeWords } from '../plan/code-words';
import { fileSummaryWords } from '../words/file-summary-words';
import { formatDuration } from '../words/format-duration';
import { jobWords } from '../words/job-words';
import { phaseWord } from '../words/phase-words';
import { elapsedMs } from '../words/task-clock';
import { type LabIcon, stopIcon } from '@jupyterlab/ui-components';

export type JobActions = {
  cancel(task: Task): void;
  openLog(task: Task): void;
  goToCell(task: Task): void;
  openFiles(task: Task): void;
  logIn(task: Task): void;
};

type JobRowProps = {
  task: Task;
  now: number;
  /** How far a login at its target is. */
  login: LoginProgress | null;
  trans: TranslationBundle;
  actions: JobActions;
};

/** One task: what it is, how far it is, and what can be done with it. */
export function JobRow({ task, now, login, trans, actions }: JobRowProps): JSX.Element {
  const Icon = iconOf(task.phase).react;
  return (
    <li className="sluice-JobRow" data-task={task.id} data-phase={task.phase}>
      <code className="sluice-JobRow-title" title={task.title}>
        {task.title}
      </code>
      <div className="sluice-JobRow-state">
        <span className="sluice-JobRow-phase" title={task.reason?.token ?? undefined}>
          <Icon tag="span" width="14px" aria-hidden="true" />
          {phaseWord(task.phase, trans)}
        </span>
        <span>{task.target}</span>
        {task.rehearsal && <span>{trans.__('rehearsal')}</span>}
        {task.jobId !== null && <span>{jobWords(task.jobId, trans)}</span>}
      </div>
      <div className="sluice-JobRow-facts">
        <span>{formatDuration(elapsedMs(task, now))}</span>
        {task.node !== null && <span>{task.node}</span>}
        {task.cancelRequested && !isTerminal(task.phase) && <span>{trans.__('canceling')}</span>}
      </div>
      {!(waitsForLogin(task) && isLoggingIn(login)) && (
        <Detail task={task} login={login} trans={trans} />
      )}
      <Login task={task} login={login} trans={trans} actions={actions} />
      <Notes task={task} trans={trans} />
      <LeftThere task={task} trans={trans} />
      {task.files && task.files.count > 0 && (
        <div className="sluice-JobRow-reason">
          <div>{fileSummaryWords(task.files, task.target, trans)}</div>
          {isTerminal(task.phase) && task.progress !== null && <div>{task.progress}</div>}
        </div>
      )}
      <Buttons task={task} trans={trans} actions={actions} />
    </li>
  );
}

function Detail({ task, login, trans }: Omit<JobRowProps, 'now' | 'actions'>): JSX.Element | null {
  const words = detailWords(task, login, trans);
  if (words === null) {
    return null;
  }
  const hint = task.reason?.hint ?? null;
  return (
    <div className="sluice-JobRow-reason">
      <div>
        <CodeWords text={words} />
      </div>
      {hint !== null && (
        <div>
          <CodeWords text={hint} />
        </div>
      )}
    </div>
  );
}

function detailWords(
  task: Task,
  login: JobRowProps['login'],
  trans: TranslationBundle
): string | null {
  if (waitsForAnswer(task, login)) {
    return loginWords(task.target, login, trans);
  }
  const reason = task.reason?.message ?? null;
  return isTerminal(task.phase) || waitsForLogin(task) ? reason : (task.progress ?? reason);
}

/** That it goes on after a login, and the way to one. */
function Login({ task, login, trans, actions }: Omit<JobRowProps, 'now'>): JSX.Element | null {
  if (!waitsForLogin(task)) {
    return null;
  }
  const isConnecting = isLoggingIn(login);
  return (
    <div className="sluice-JobRow-login" role="status">
      <loginIcon.react tag="span" width="14px" aria-hidden="true" />
      <span>{loginWords(task.target, login, trans) ?? trans.__('needs login')}</span>
      {!isConnecting && (
        <button
          type="button"
          className="sluice-Button sluice-mod-main"
          aria-label={trans.__('Log in: %1', task.target)}
          onClick={() => actions.logIn(task)}
        >
          {trans.__('Log in')}
        </button>
      )}
    </div>
  );
}

/** What preparing it found worth a look, folded. */
function Notes({ task, trans }: Pick<JobRowProps, 'task' | 'trans'>): JSX.Element | null {
  const { notes } = task;
  if (notes.length === 0) {
    return null;
  }
  return (
    <details className="sluice-JobRow-reason">
      <summary>{trans._n('%1 note', '%1 notes', notes.length, notes.length)}</summary>
      {notes.map(({ name, text }, index) => (
        <div key={index}>
          {name}: {text}
        </div>
      ))}
    </details>
  );
}

/** The variables that did not come home; why, in the tooltip. */
function LeftThere({ task, trans }: Pick<JobRowProps, 'task' | 'trans'>): JSX.Element | null {
  const left = task.variables.filter(({ reason }) => reason !== null);
  if (left.length === 0) {
    return null;
  }
  const reasons = left.map(({ name, reason }) => `${name}: ${reason}`).join('\n');
  return (
    <div className="sluice-JobRow-reason" title={reasons}>
      {trans.__('Left on the cluster: %1', left.map(({ name }) => name).join(', '))}
    </div>
  );
}

function Buttons({ task, trans, actions }: Omit<JobRowProps, 'now' | 'login'>): JSX.Element {
  const { title } = task;
  return (
    <div className="sluice-JobRow-buttons">
      {!isTerminal(task.phase) && (
        <button
          type="button"
          className="sluice-Button"
          aria-label={trans.__('Cancel: %1', title)}
          disabled={task.cancelRequested}
          onClick={() => actions.cancel(task)}
        >
          {trans.__('Cancel')}
        </button>
      )}
      <button
        type="button"
        className="sluice-Button"
        aria-label={trans.__('Log: %1', title)}
        onClick={() => actions.openLog(task)}
      >
        {trans.__('Log')}
      </button>
      {task.files && task.files.count > 0 && (
        <button
          type="button"
          className="sluice-Button"
          aria-label={trans.__('Files: %1', title)}
          onClick={() => actions.openFiles(task)}
        >
          {trans.__('Files')}
        </button>
      )}
      {task.origin?.notebookPath != null && (
        <button
          type="button"
          className="sluice-Button"
          aria-label={trans.__('Go to cell: %1', title)}
          onClick={() => actions.goToCell(task)}
        >
          {trans.__('Go to cell')}
        </button>
      )}
    </div>
  );
}

function iconOf(phase: Phase): LabIcon {
  switch (phase) {
    case 'preparing':
    case 'submitting':
    case 'queued':
    case 'preempted':
      return waitingIcon;
    case 'running':
    case 'fetching':
      return workingIcon;
    case 'completed':
      return doneIcon;
    case 'canceled':
      return stopIcon;
    case 'unknown':
      return unknownIcon;
    case 'failed':
    case 'timed-out':
    case 'out-of-memory':
    case 'node-failed':
      return failedIcon;
  }
}
