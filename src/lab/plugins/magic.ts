import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker, type NotebookPanel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { browserClock } from '../clock';
import { loadMagic } from '../kernel/load-magic';
import { ISluiceService } from '../service';
import { ISluiceSettings } from '../settings';

/** Loads `%%slurm` into the Python kernels of notebooks, at each start and restart. */
export const magicPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:magic',
  description: 'Loads the %%slurm magic into Python kernels.',
  autoStart: true,
  requires: [INotebookTracker, ISluiceService, ISluiceSettings],
  activate: (
    _: JupyterFrontEnd,
    tracker: INotebookTracker,
    service: ISluiceService,
    settings: ISluiceSettings
  ): void => {
    const load = (kernel: Kernel.IKernelConnection): void => {
      if (settings.loadsMagic) {
        loadMagic(service, kernel, browserClock).catch((error: unknown) => {
          // Nobody asked for it, so nobody is disturbed; the button in the cell works without it.
          // eslint-disable-next-line no-console -- the browser's console is where the page's faults go
          console.warn('Sluice could not load %%slurm into the kernel:', error);
        });
      }
    };
    const watch = (panel: NotebookPanel): void => watchKernels(panel, load);
    tracker.forEach(watch);
    tracker.widgetAdded.connect((__, panel) => watch(panel));
  }
};

function watchKernels(
  { sessionContext }: NotebookPanel,
  load: (kernel: Kernel.IKernelConnection) => void
): void {
  let wasRestarting = false;
  sessionContext.kernelChanged.connect((_, { newValue }) => {
    if (newValue) {
      load(newValue);
    }
  });
  sessionContext.statusChanged.connect((_, status) => {
    const kernel = sessionContext.session?.kernel;
    if (status === 'restarting' || status === 'autorestarting') {
      wasRestarting = true;
    } else if (wasRestarting && status === 'idle' && kernel) {
      wasRestarting = false;
      load(kernel);
    }
  });
  const kernel = sessionContext.session?.kernel;
  if (kernel) {
    load(kernel);
  }
}
