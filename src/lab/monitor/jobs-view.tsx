import type { TranslationBundle } from '@jupyterlab/translation';
import { type JSX, useState } from 'react';
import type { Problem } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { Task } from '../../shared/wire/task';
import type { LoginProgress } from '../login/logins';
import type { StoreState } from '../tasks/task-store';
import type { JobActions } from './job-actions';
import { JobRow } from './job-row';
import { SelectionBar } from './selection-bar';

type JobsViewProps = {
  state: StoreState;
  tasks: readonly Task[];
  /** Whether news arrive by themselves at present. */
  isConnected: boolean;
  now: number;
  loginOf(target: string): LoginProgress | null;
  trans: TranslationBundle;
  actions: PanelActions;
};

/** What can be done in the panel beside with one job. */
export type PanelActions = JobActions & {
  refresh(): void;
  /** Cancel several; whether the person agreed. */
  cancelTasks(ids: readonly string[]): Promise<boolean>;
  cancelAll(): void;
  findJobs(): void;
};

/** The content of the panel “Slurm jobs”. */
export function JobsView(props: JobsViewProps): JSX.Element {
  const { state, tasks, isConnected, trans, actions } = props;
  const live = tasks.filter(task => !isTerminal(task.phase));
  const finished = tasks.filter(task => isTerminal(task.phase));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // What has ended meanwhile is selected no more.
  const chosen = live.filter(({ id }) => selected.has(id)).map(({ id }) => id);
  const select = (id: string, isSelected: boolean): void =>
    setSelected(new Set(isSelected ? [...chosen, id] : chosen.filter(one => one !== id)));
  const selection = { chosen, select };
  return (
    <div className="sluice-JobsPanel-content">
      <div className="sluice-JobsPanel-header">
        <h2>{trans.__('Slurm jobs')}</h2>
        <div className="sluice-JobsPanel-tools">
          <button
            type="button"
            className="sluice-Button"
            title={trans.__(
              'Look for jobs on a cluster that this computer does not know, and take them over'
            )}
            onClick={() => actions.findJobs()}
          >
            {trans.__('Find jobs…')}
          </button>
          <button type="button" className="sluice-Button" onClick={() => actions.refresh()}>
            {trans.__('Refresh')}
          </button>
        </div>
      </div>
      {live.length > 0 && (
        <SelectionBar
          live={live.map(({ id }) => id)}
          chosen={chosen}
          trans={trans}
          onSelectAll={isSelected =>
            setSelected(new Set(isSelected ? live.map(({ id }) => id) : []))
          }
          onCancel={() =>
            void actions.cancelTasks(chosen).then(isDone => isDone && setSelected(new Set()))
          }
          onCancelAll={() => actions.cancelAll()}
        />
      )}
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
        <Section {...props} {...selection} title={trans.__('Live')} tasks={live} />
        <Section {...props} {...selection} title={trans.__('Finished')} tasks={finished} />
      </div>
    </div>
  );
}

type Selection = {
  /** Ids of the jobs that are selected. */
  chosen: readonly string[];
  select(id: string, isSelected: boolean): void;
};

function Section({
  title,
  tasks,
  now,
  loginOf,
  chosen,
  select,
  trans,
  actions
}: JobsViewProps & Selection & { title: string }): JSX.Element | null {
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
            isSelected={chosen.includes(task.id)}
            onSelect={isSelected => select(task.id, isSelected)}
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
