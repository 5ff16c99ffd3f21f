import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { browserClock } from '../clock';
import { CommandIDs } from '../command-ids';
import { TASK_ARGUMENTS, taskArgument } from '../commands/command-arguments';
import { sluiceIcon } from '../icons';
import { LogView } from '../log/log-view';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';
import { showBeside } from '../show-beside';
import { ITaskStore } from '../tasks/task-store';

/** The command that shows the whole log of a task beside the notebook. */
export const logPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:log',
  description: 'Shows the log of a Slurm job.',
  autoStart: true,
  requires: [ITaskStore, ISluiceService],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    store: ITaskStore,
    service: ISluiceService,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const tracker = new WidgetTracker<MainAreaWidget<LogView>>({ namespace: 'sluice-log' });
    app.commands.addCommand(CommandIDs.openLog, {
      label: trans.__('Open the log of a Slurm job'),
      describedBy: TASK_ARGUMENTS,
      execute: async args => {
        const taskId = taskArgument(args);
        const id = `sluice-log-${taskId}`;
        let widget = tracker.find(one => one.id === id);
        if (!widget) {
          const content = new LogView({ taskId, service, store, clock: browserClock, trans });
          widget = new MainAreaWidget({ content });
          widget.id = id;
          widget.title.label = trans.__('Log: %1', store.get(taskId)?.title ?? taskId);
          widget.title.icon = sluiceIcon;
          widget.title.closable = true;
          await tracker.add(widget);
        }
        showBeside(app.shell, widget, { mode: 'split-bottom' });
      }
    });
  }
};
