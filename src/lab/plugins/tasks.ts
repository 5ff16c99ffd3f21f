import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { browserClock } from '../clock';
import { ISluiceService } from '../service';
import { ITaskStore, TaskStore } from '../tasks/task-store';
import { Ticker } from '../tasks/ticker';

/** Provides the page's copy of the tasks. */
export const tasksPlugin: JupyterFrontEndPlugin<ITaskStore> = {
  id: 'jupyterlab-sluice:tasks',
  description: 'The page’s copy of the Sluice tasks.',
  autoStart: true,
  provides: ITaskStore,
  requires: [ISluiceService],
  activate: (_: JupyterFrontEnd, service: ISluiceService): ITaskStore =>
    new TaskStore(service, new Ticker(browserClock))
};
