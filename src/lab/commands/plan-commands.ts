import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../command-ids';
import type { Plans } from '../plan/plans';
import { activePlace, type CellPlaceOnPage } from './active-place';
import { NO_ARGUMENTS } from './command-arguments';

type PlanCommandsOptions = {
  app: JupyterFrontEnd;
  tracker: INotebookTracker;
  plans: Plans;
  trans: TranslationBundle;
};

/** Add the commands that look at the active cell before it is sent. */
export function addPlanCommands({ app, tracker, plans, trans }: PlanCommandsOptions): void {
  const add = (
    id: string,
    label: string,
    caption: string,
    execute: (place: CellPlaceOnPage) => Promise<void>
  ): void => {
    app.commands.addCommand(id, {
      label,
      caption,
      describedBy: NO_ARGUMENTS,
      isEnabled: () => activePlace(tracker) !== null,
      execute: async () => {
        const place = activePlace(tracker);
        if (place) {
          await execute(place);
        }
      }
    });
  };
  add(
    CommandIDs.dryRunCell,
    trans.__('Dry run on Slurm'),
    trans.__('Show what the active cell would send and submit, without doing it'),
    place => plans.plan(place)
  );
  add(
    CommandIDs.rehearseCell,
    trans.__('Rehearse here'),
    trans.__('Run what the active cell would send in a fresh process on this machine'),
    place => plans.rehearse(place)
  );
  add(
    CommandIDs.rehearseCellThere,
    trans.__('Rehearse on the cluster'),
    trans.__('Run the active cell there for at most five minutes to learn what is missing'),
    place => plans.rehearseThere(place)
  );
}
