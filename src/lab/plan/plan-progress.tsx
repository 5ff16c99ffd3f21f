import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import type { PlanActions } from './plan-actions';
import type { PlanSession } from './plan-session';

type ProgressProps = { session: PlanSession; actions: PlanActions; trans: TranslationBundle };

/** What is under way or went wrong, and whether the plan is still that of the cell. */
export function PlanProgress({ session, actions, trans }: ProgressProps): JSX.Element {
  const { problem, task } = session;
  return (
    <>
      <Work session={session} trans={trans} />
      {problem && (
        <div className="sluice-PlanView-message" data-kind="problem" role="alert">
          <p>{problem.message}</p>
          <p>{problem.hint}</p>
        </div>
      )}
      {task && (
        <div className="sluice-PlanView-message" role="status">
          {trans.__('The rehearsal on %1 was handed over.', task.target)}{' '}
          <button type="button" className="sluice-Link" onClick={actions.openPanel}>
            {trans.__('Show it in “Slurm jobs”')}
          </button>
        </div>
      )}
      {session.isOutdated && session.work === null && (
        <div className="sluice-PlanView-message" role="status">
          {trans.__('The cell was changed since; “Refresh” plans it anew.')}
        </div>
      )}
    </>
  );
}

function Work({ session, trans }: Omit<ProgressProps, 'actions'>): JSX.Element {
  const { work } = session;
  const seconds = work === null ? 0 : Math.floor((session.now - work.since) / 1000);
  return (
    <div className={work ? 'sluice-PlanView-work' : 'sluice-PlanView-work sluice-mod-empty'}>
      {/* There before it speaks; the seconds stand outside, or they would be read out each time. */}
      <span role="status">{work && workWords(work.kind, trans)}</span>
      {work && <span role="timer"> {trans.__('%1 s', seconds)}</span>}
      {work && work.kind !== 'submitting' && (
        <button type="button" className="sluice-Button" onClick={() => session.cancel()}>
          {trans.__('Cancel')}
        </button>
      )}
    </div>
  );
}

function workWords(
  kind: NonNullable<PlanSession['work']>['kind'],
  trans: TranslationBundle
): string {
  switch (kind) {
    case 'planning':
      return trans.__('Asking the kernel and the target…');
    case 'rehearsing':
      return trans.__('Rehearsing here…');
    case 'submitting':
      return trans.__('Handing over…');
  }
}
