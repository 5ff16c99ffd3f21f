import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, MainAreaWidget, showDialog, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator, type TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../command-ids';
import { loginArguments, TASK_ARGUMENTS, taskArgument } from '../commands/command-arguments';
import { FilesSession } from '../files/files-session';
import { FilesView } from '../files/files-view';
import { pathOnServer } from '../files/path-on-server';
import { sluiceIcon } from '../icons';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { shownFolder } from '../shown-folder';
import { showBeside } from '../show-beside';
import { ITaskStore } from '../tasks/task-store';

/** The command that shows the files that a task wrote, and has them fetched. */
export const filesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:files',
  description: 'Shows the files that a Slurm job wrote.',
  autoStart: true,
  requires: [ISluiceService, ITaskStore],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    service: ISluiceService,
    store: ITaskStore,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const tracker = new WidgetTracker<MainAreaWidget<FilesView>>({ namespace: 'sluice-files' });
    app.commands.addCommand(CommandIDs.openFiles, {
      label: trans.__('Show the files of a Slurm job'),
      describedBy: TASK_ARGUMENTS,
      execute: async args => {
        const taskId = taskArgument(args);
        const id = `sluice-files-${taskId}`;
        let widget = tracker.find(one => one.id === id);
        if (!widget) {
          const session = new FilesSession({ service, store, taskId });
          widget = makeView(app, session, trans);
          widget.id = id;
          await tracker.add(widget);
          void session.refresh();
        }
        showBeside(app.shell, widget, { mode: 'split-bottom' });
      }
    });
  }
};

function makeView(
  app: JupyterFrontEnd,
  session: FilesSession,
  trans: TranslationBundle
): MainAreaWidget<FilesView> {
  const serverRoot = shownFolder();
  const content = new FilesView({
    session,
    trans,
    actions: {
      open: path => void app.commands.execute('docmanager:open', { path }),
      pathOnServer: file => {
        const notebookPath = session.task?.origin?.notebookPath ?? null;
        return pathOnServer(file, { serverRoot, notebookPath });
      },
      confirmDismiss: paths => confirmDismiss(session, paths, trans),
      logIn: () => void app.commands.execute(CommandIDs.logIn, loginArguments(session.task)),
      close: () => widget.dispose()
    }
  });
  const widget = new MainAreaWidget({ content });
  // The frame calls every content “main area content”.
  content.node.setAttribute('aria-label', trans.__('Files of a job'));
  widget.title.label = trans.__('Files: %1', session.task?.title ?? '');
  widget.title.icon = sluiceIcon;
  widget.title.closable = true;
  return widget;
}

async function confirmDismiss(
  session: FilesSession,
  paths: string[] | null,
  trans: TranslationBundle
): Promise<boolean> {
  const target = session.task?.target ?? '';
  const count = paths?.length ?? session.list?.summary.there ?? 0;
  const { button } = await showDialog({
    title: paths?.length === 1 ? trans.__('Give up “%1”?', paths[0]) : trans.__('Give up files?'),
    body: trans._n(
      'It stays on %2 until Sluice cleans up there, and then is gone for good. Nothing is removed now.',
      '%1 files stay on %2 until Sluice cleans up there, and then are gone for good. Nothing is removed now.',
      count,
      target
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep') }),
      Dialog.warnButton({ label: trans.__('Give up') })
    ],
    defaultButton: 0
  });
  return button.accept;
}
