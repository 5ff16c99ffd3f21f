import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import type { Targets } from '../../shared/wire/service';
import { AdoptBody } from '../adopt/adopt-body';
import { findJobs } from '../adopt/find-jobs';
import { askInDialog } from '../ask/ask-in-dialog';
import { choose } from '../ask/choose';
import { trustQuestion } from '../ask/trust-question';
import { browserClock } from '../clock';
import { CommandIDs } from '../command-ids';
import { TARGET_ARGUMENTS, targetArgument } from '../commands/command-arguments';
import { type IWorkPlace, workPlaceOf } from '../notebook/work-place';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { showProgress } from '../show-progress';
import { freshTargets } from '../tasks/fresh-targets';
import { ITaskStore, toProblem } from '../tasks/task-store';
import { tellProblem } from '../tell-problem';

type Target = Targets['targets'][number];

/** Commands about a target: how far it is trusted, and the jobs on it that are not known here. */
export const targetsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:targets',
  description: 'Trust of Slurm targets, and jobs on them that are not known here.',
  autoStart: true,
  requires: [ISluiceService, ITaskStore],
  optional: [INotebookTracker, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    service: ISluiceService,
    store: ITaskStore,
    tracker: INotebookTracker | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const place = workPlaceOf(tracker, browserClock);
    app.commands.addCommand(CommandIDs.chooseTrust, {
      label: trans.__('Trust of a target…'),
      caption: trans.__('Say what the outputs and results of a target may do on this computer'),
      describedBy: TARGET_ARGUMENTS,
      execute: async args => {
        const target = await whichTarget(targetArgument(args), store, place, trans);
        if (target) {
          await chooseTrust(service, target, place.projectDir(), trans);
        }
      }
    });
    app.commands.addCommand(CommandIDs.findJobs, {
      label: trans.__('Find jobs on a cluster…'),
      caption: trans.__(
        'Look for jobs of yours that this computer does not know, and take them over'
      ),
      describedBy: TARGET_ARGUMENTS,
      execute: async args => {
        const target = await whichTarget(targetArgument(args), store, place, trans);
        if (target) {
          store.start();
          const words = {
            title: trans.__('Take jobs over?'),
            accept: trans.__('Take over'),
            cancel: trans.__('Cancel')
          };
          await findJobs(
            {
              service,
              store,
              trans,
              begin: showProgress,
              choose: report => askInDialog(words, new AdoptBody(report, trans))
            },
            target.name,
            place.projectDir()
          );
        }
      }
    });
    const category = trans.__('Slurm');
    palette?.addItem({ command: CommandIDs.chooseTrust, category });
    palette?.addItem({ command: CommandIDs.findJobs, category });
  }
};

/** The target that is named, or that the person chooses; null: none. */
async function whichTarget(
  name: string | null,
  store: ITaskStore,
  place: IWorkPlace,
  trans: TranslationBundle
): Promise<Target | null> {
  const targets = await freshTargets(store, place.projectDir(), trans);
  if (!targets) {
    return null;
  }
  const named = targets.targets.find(target => target.name === name);
  return (
    named ??
    choose({
      title: trans.__('Choose a target'),
      words: trans.__('Which target?'),
      options: targets.targets.map(target => ({
        value: target,
        label: target.name,
        isChosen: target.name === targets.default
      })),
      accept: trans.__('Choose'),
      cancel: trans.__('Cancel')
    })
  );
}

async function chooseTrust(
  service: ISluiceService,
  target: Target,
  projectDir: string | null,
  trans: TranslationBundle
): Promise<void> {
  const question = trustQuestion(target.name, target.trust, trans);
  const words = { accept: trans.__('Save'), cancel: trans.__('Cancel') };
  const trust = await choose({ ...question, ...words });
  if (trust === null) {
    return;
  }
  try {
    await service.answerTrust(target.name, { trust, projectDir });
  } catch (error) {
    await tellProblem(trans.__('The trust could not be saved'), toProblem(error));
  }
}
