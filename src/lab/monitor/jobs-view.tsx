import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import type { Problem } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { LoginProgress } from '../login/logins';
import type { StoreState } from '../tasks/task-store';
import { type JobActions, JobRow } from './job-row';

type JobsViewProps = {
  state: StoreState;
  tasks: readonly Task[];
  /** Whether news arrive by themselves at present. */
  isConnected: boolean;
  now: number;
  loginOf(target: string): LoginProgress | null;
  trans: TranslationBundle;
  actions: JobActions & { refresh(): void };
};

/** The content of the panel “Slurm jobs”. */
export function JobsView(props: JobsViewProps): JSX.Element {
  const { state, tasks, isConnected, trans, actions } = props;
  const live = tasks.filter(task => !isTerminal(task.phase));
  const finished = tasks.filter(task => isTerminal(task.phase));
  return (
    <div className="sluice-JobsPanel-content">
      <div className="sluice-JobsPanel-header">
        <h2>{trans.__('Slurm jobs')}</h2>
        <button type="button" className="sluice-Button" onClick={() => actions.refresh()}>
          {trans.__('Refresh')}
        </button>
      </div>
      <div className="sluice-JobsPanel-scroller">
        {state.kind === 'failed' && <ProblemMessage {...props} problem={state.problem} />}
        {state.kind === 'ready' && !isConnected && (
          <Message
            text={trans.__(
              'The connection to Sluice is lost; trying again. What you see may be old.'
            )}
          />
        )}
        {(state.kind === 'loading' || state.kind === 'idle') && tasks.length === 0 && (
          <Message text={trans.__('Asking for your jobs…')} />
        )}
        {state.kind === 'ready' && tasks.length === 0 && (
          <Message
            text={trans.__(
              'No jobs yet. Choose a code cell and press “Run on Slurm” in its toolbar, or Run ▸ Run on Slurm.'
            )}
          />
        )}
        <Section {...props} title={trans.__('Live')} tasks={live} />
        <Section {...props} title={trans.__('Finished')} tasks={finished} />
      </div>
    </div>
  );
}

function Section({
  title,
  tasks,
  now,
  loginOf,
  trans,
  actions
}: JobsViewProps & { title: string }): JSX.Element | null {
  if (tasks.length === 0) {
    return null;
  }
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul className="sluice-JobsPanel-list">
        {tasks.map(task => (
          <JobRow
            key={task.id}
            task={task}
            now={now}
            login={loginOf(task.target)}
            trans={trans}
            actions={actions}
          />
        ))}
      </ul>
    </section>
  );
}

function Message({ text }: { text: string }): JSX.Element {
  return (
    <div className="sluice-JobsPanel-message" role="status">
      {text}
    </div>
  );
}

function ProblemMessage({
  problem,
  trans,
  actions
}: JobsViewProps & { problem: Problem }): JSX.Element {
  return (
    <div className="sluice-JobsPanel-message" data-kind="problem" role="alert">
      <p>{problem.message}</p>
      <p>{problem.hint}</p>
      <button type="button" className="sluice-Button" onClick={() => actions.refresh()}>
        {trans.__('Try again')}
      </button>
    </div>
  );
}
