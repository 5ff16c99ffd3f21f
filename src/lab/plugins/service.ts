import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { connectService } from '../connect-service';
import { ISluiceService } from '../service';

/** Provides the service behind the Jupyter server; nothing is asked of it before it is needed. */
export const servicePlugin: JupyterFrontEndPlugin<ISluiceService> = {
  id: 'jupyterlab-sluice:service',
  description: 'Requests to the Sluice service.',
  autoStart: true,
  provides: ISluiceService,
  activate: (app: JupyterFrontEnd): ISluiceService =>
    connectService(app.serviceManager.serverSettings)
};
