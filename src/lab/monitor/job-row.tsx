import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import { isTerminal, type Phase } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import { doneIcon, failedIcon, unknownIcon, waitingIcon, workingIcon } from '../icons';
import { formatDuration } from '../words/format-duration';
import { phaseWord } from '../words/phase-words';
import { elapsedMs } from '../words/task-clock';
import { type LabIcon, stopIcon } from '@jupyterlab/ui-components';

export type JobActions = {
  cancel(task: Task): void;
  openLog(task: Task): void;
  goToCell(task: Task): void;
};

type JobRowProps = {
  task: Task;
  now: number;
  trans: TranslationBundle;
  actions: JobActions;
};

/** One task: what it is, how far it is, and what can be done with it. */
export function JobRow({ task, now, trans, actions }: JobRowProps): JSX.Element {
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
        {task.jobId !== null && <span>{trans.__('job %1', task.jobId)}</span>}
      </div>
      <div className="sluice-JobRow-facts">
        <span>{formatDuration(elapsedMs(task, now))}</span>
        {task.node !== null && <span>{task.node}</span>}
        {task.cancelRequested && !isTerminal(task.phase) && <span>{trans.__('canceling')}</span>}
      </div>
      <Detail task={task} />
      <Notes task={task} trans={trans} />
      <LeftThere task={task} trans={trans} />
      <Buttons task={task} trans={trans} actions={actions} />
    </li>
  );
}

function Detail({ task }: { task: Task }): JSX.Element | null {
  const words = isTerminal(task.phase)
    ? task.reason?.message
    : (task.progress ?? task.reason?.message);
  if (words === undefined) {
    return null;
  }
  const hint = task.reason?.hint ?? null;
  return (
    <div className="sluice-JobRow-reason">
      <div>{words}</div>
      {hint !== null && <div>{hint}</div>}
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

function Buttons({ task, trans, actions }: Omit<JobRowProps, 'now'>): JSX.Element {
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
