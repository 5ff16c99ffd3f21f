import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSX } from 'react';
import { PageButton } from '../page-button';
import type { PlanSession } from './plan-session';

export type PlanActions = {
  /** Run the same cell for real. */
  run(): void;
  copy(): void;
  goToLine(line: number): void;
  openPanel(): void;
  close(): void;
};

type ActionsProps = { session: PlanSession; actions: PlanActions; trans: TranslationBundle };

/** What can be done with a plan. */
export function PlanToolbar({ session, actions, trans }: ActionsProps): JSX.Element {
  const isBusy = session.work !== null;
  const hasPlan = session.plan !== null;
  const isHere = session.plan?.target === 'here';
  return (
    <div className="sluice-PlanToolbar" role="group" aria-label={trans.__('Dry run')}>
      <PageButton
        label={trans.__('Run on Slurm')}
        title={trans.__('Send the cell now and show its outputs in the notebook')}
        isMain
        isDisabled={isBusy}
        onClick={actions.run}
      />
      <PageButton
        label={trans.__('Rehearse here')}
        title={trans.__('Run what would travel in a fresh process on this machine')}
        isDisabled={isBusy}
        onClick={() => void session.rehearse()}
      />
      {!isHere && (
        <PageButton
          label={trans.__('Rehearse on the cluster')}
          title={trans.__('Run it there for at most five minutes; it is shown in “Slurm jobs”')}
          isDisabled={isBusy}
          onClick={() => void session.rehearseThere()}
        />
      )}
      <PageButton label={trans.__('Copy as JSON')} isDisabled={!hasPlan} onClick={actions.copy} />
      <PageButton
        label={trans.__('Refresh')}
        isDisabled={isBusy}
        onClick={() => void session.refresh()}
      />
      <PageButton label={trans.__('Close')} onClick={actions.close} />
    </div>
  );
}
