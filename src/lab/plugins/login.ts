import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { browserClock } from '../clock';
import { CommandIDs } from '../command-ids';
import { notebookArgument, TARGET_ARGUMENTS, targetArgument } from '../commands/command-arguments';
import { loginIcon } from '../icons';
import { askLoginTarget } from '../login/ask-login-target';
import { LoginDesk } from '../login/login-desk';
import { LoginDialog } from '../login/login-dialog';
import { ILogins, Logins } from '../login/logins';
import { noteLogin } from '../login/note-login';
import { workPlaceOf } from '../notebook/work-place';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { ITaskStore } from '../tasks/task-store';

/** Logins at the hosts of targets: the command that begins one, and the dialog in which hosts ask. */
export const loginPlugin: JupyterFrontEndPlugin<ILogins> = {
  id: 'jupyterlab-sluice:login',
  description: 'Logins at the hosts of Slurm targets.',
  autoStart: true,
  provides: ILogins,
  requires: [ISluiceService, ITaskStore],
  optional: [INotebookTracker, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    service: ISluiceService,
    store: ITaskStore,
    tracker: INotebookTracker | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): ILogins => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const place = workPlaceOf(tracker, browserClock);
    const logins = new Logins(service, store);
    showQuestions(service, store, trans);
    app.commands.addCommand(CommandIDs.logIn, {
      label: trans.__('Log in to a cluster…'),
      caption: trans.__('Connect to the host of a target, so that what waits for it goes on'),
      icon: loginIcon,
      describedBy: TARGET_ARGUMENTS,
      execute: async args => {
        const projectDir = place.projectDir(notebookArgument(args));
        const target = targetArgument(args) ?? (await askLoginTarget(store, projectDir, trans));
        if (target !== null) {
          await noteLogin(logins, target, projectDir, trans);
        }
      }
    });
    palette?.addItem({ command: CommandIDs.logIn, category: trans.__('Slurm') });
    return logins;
  }
};

function showQuestions(service: ISluiceService, store: ITaskStore, trans: TranslationBundle): void {
  const clock = browserClock;
  const isPageVisible = (): boolean => document.visibilityState !== 'hidden';
  const desk = new LoginDesk({ service, store, clock, isPageVisible });
  document.addEventListener('visibilitychange', () => desk.look());
  let dialog: LoginDialog | null = null;
  desk.changed.connect(() => {
    if (desk.view && !dialog) {
      dialog = new LoginDialog({ desk, clock, trans });
      dialog.disposed.connect(() => (dialog = null));
      dialog.launch().catch((error: unknown) => {
        // eslint-disable-next-line no-console -- the browser's console is where the page's faults go
        console.error('The login dialog ended:', error);
      });
    }
  });
}
