import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import { loginIcon } from '../icons';
import { isLoggingIn, loginWords, waitsForAnswer, waitsForLogin } from '../login/login-words';
import type { LoginProgress } from '../login/logins';
import { CodeWords } from '../plan/code-words';
import { TASK_ICONS } from '../task-icons';
import { estimatedStartWords } from '../words/estimated-start-words';
import { fileSummaryWords } from '../words/file-summary-words';
import { formatDuration } from '../words/format-duration';
import { jobWords } from '../words/job-words';
import { nextCheckWords } from '../words/next-check-words';
import { elapsedMs } from '../words/task-clock';
import { stateWord, taskLook } from '../words/task-look';
import type { JobActions } from './job-actions';
import { JobButtons } from './job-buttons';
import { JobDetails } from './job-details';
import { KeptValues } from './kept-values';

type JobRowProps = {
  task: Task;
  now: number;
  /** How far a login at its target is. */
  login: LoginProgress | null;
  isSelected: boolean;
  onSelect(isSelected: boolean): void;
  trans: TranslationBundle;
  actions: JobActions;
};

/** One task: what it is, how far it is, and what can be done with it. */
export function JobRow(props: JobRowProps): JSX.Element {
  const { task, login, trans, actions } = props;
  return (
    <li className="sluice-JobRow" data-task={task.id} data-phase={task.phase}>
      <Heading {...props} />
      <State task={task} trans={trans} />
      <Facts {...props} />
      {!(waitsForLogin(task) && isLoggingIn(login)) && (
        <Detail task={task} login={login} trans={trans} />
      )}
      <Login task={task} login={login} trans={trans} actions={actions} />
      <Marks task={task} trans={trans} />
      <KeptValues task={task} trans={trans} actions={actions} />
      <LeftThere task={task} trans={trans} />
      {task.files && task.files.count > 0 && (
        <div className="sluice-JobRow-reason">
          <div>{fileSummaryWords(task.files, task.target, trans)}</div>
          {isTerminal(task.phase) && task.progress !== null && <div>{task.progress}</div>}
        </div>
      )}
      <JobDetails task={task} trans={trans} />
      <JobButtons task={task} trans={trans} actions={actions} />
    </li>
  );
}

function Heading({ task, isSelected, onSelect, trans }: JobRowProps): JSX.Element {
  return (
    <div className="sluice-JobRow-heading">
      {!isTerminal(task.phase) && (
        <input
          type="checkbox"
          aria-label={trans.__('Select: %1', task.title)}
          checked={isSelected}
          onChange={event => onSelect(event.target.checked)}
        />
      )}
      <code className="sluice-JobRow-title" title={task.title}>
        {task.title}
      </code>
    </div>
  );
}

function State({ task, trans }: Pick<JobRowProps, 'task' | 'trans'>): JSX.Element {
  const Icon = TASK_ICONS[taskLook(task)].react;
  return (
    <div className="sluice-JobRow-state">
      <span className="sluice-JobRow-phase" title={task.reason?.token ?? undefined}>
        <Icon tag="span" width="14px" aria-hidden="true" />
        {stateWord(task, trans)}
      </span>
      <span>{task.target}</span>
      {task.rehearsal && <span>{trans.__('rehearsal')}</span>}
      {task.jobId !== null && <span>{jobWords(task.jobId, trans)}</span>}
    </div>
  );
}

function Facts({ task, now, trans }: JobRowProps): JSX.Element {
  const start = task.phase === 'queued' ? task.estimatedStart : null;
  const startsAt = estimatedStartWords(start, now, trans);
  return (
    <div className="sluice-JobRow-facts">
      <span>{formatDuration(elapsedMs(task, now))}</span>
      {startsAt !== null && <span>{startsAt}</span>}
      {task.node !== null && <span>{task.node}</span>}
      {task.cancelRequested && !isTerminal(task.phase) && <span>{trans.__('canceling')}</span>}
      {task.uncertain && task.nextCheckAt !== null && (
        <span>{nextCheckWords(task.nextCheckAt, now, trans)}</span>
      )}
    </div>
  );
}

/** What a person should know of what came of it. */
function Marks({ task, trans }: Pick<JobRowProps, 'task' | 'trans'>): JSX.Element | null {
  const marks = [
    task.isPartial ? trans.__('Partial results are here.') : null,
    task.hasUnverified ? trans.__('Some outputs bear no valid seal of the job.') : null,
    task.adoptedFrom === null
      ? null
      : trans.__('Taken over; %1 had submitted it.', task.adoptedFrom)
  ].filter(mark => mark !== null);
  return marks.length === 0 ? null : (
    <div className="sluice-JobRow-reason">
      {marks.map(mark => (
        <div key={mark}>{mark}</div>
      ))}
    </div>
  );
}

function Detail({
  task,
  login,
  trans
}: Pick<JobRowProps, 'task' | 'login' | 'trans'>): JSX.Element | null {
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
function Login({
  task,
  login,
  trans,
  actions
}: Pick<JobRowProps, 'task' | 'login' | 'trans' | 'actions'>): JSX.Element | null {
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

/** The variables that did not come home; why, in the tooltip. */
function LeftThere({ task, trans }: Pick<JobRowProps, 'task' | 'trans'>): JSX.Element | null {
  const left = task.variables.filter(({ reason, kept }) => reason !== null && kept == null);
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
