import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../command-ids';
import { TASK_ARGUMENTS, taskArgument } from '../commands/command-arguments';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ITaskStore } from '../tasks/task-store';

/** The command that shows the cell a task came from, opening its notebook when needed. */
export const goToCellPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:go-to-cell',
  description: 'Shows the cell that a Slurm job came from.',
  autoStart: true,
  requires: [INotebookTracker, ITaskStore],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: INotebookTracker,
    store: ITaskStore,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    app.commands.addCommand(CommandIDs.goToCell, {
      label: trans.__('Go to the cell of a Slurm job'),
      describedBy: TASK_ARGUMENTS,
      execute: async args => {
        const origin = store.get(taskArgument(args))?.origin;
        if (origin?.notebookPath == null) {
          return;
        }
        const panel =
          tracker.find(one => one.context.localPath === origin.notebookPath) ??
          ((await app.commands.execute('docmanager:open', {
            path: origin.notebookPath
          })) as NotebookPanel | undefined);
        if (!panel) {
          return;
        }
        await panel.context.ready;
        app.shell.activateById(panel.id);
        if (!(await showCell(panel, origin.cellId))) {
          Notification.warning(
            trans.__(
              'The cell is no longer in %1; its outputs are in the log.',
              origin.notebookPath
            )
          );
        }
      }
    });
  }
};

async function showCell(panel: NotebookPanel, cellId: string | null): Promise<boolean> {
  const { content } = panel;
  const index = content.widgets.findIndex(cell => cell.model.id === cellId);
  if (index < 0) {
    return false;
  }
  content.activeCellIndex = index;
  await content.scrollToItem(index, 'smart');
  return true;
}
