import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { browserClock } from '../clock';
import { planRendererFactory } from '../plan/plan-renderer';
import { TRANSLATION_DOMAIN } from '../plugin-id';

/** Shows what `%%slurm --dry-run` displays as the page shows a dry run. */
export const planRendererPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:plan-renderer',
  description: 'Renders Slurm dry runs in outputs.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [ITranslator],
  activate: (
    _: JupyterFrontEnd,
    registry: IRenderMimeRegistry,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    registry.addFactory(planRendererFactory(browserClock, trans));
  }
};
