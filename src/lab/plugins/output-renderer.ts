import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../command-ids';
import { outputRendererFactory } from '../outputs/output-renderer';
import { TRANSLATION_DOMAIN } from '../plugin-id';
import { ISluiceService } from '../service';

/** Shows what Sluice itself puts among the outputs of a cell. */
export const outputRendererPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-sluice:output-renderer',
  description: 'Renders places of large, hidden and unsealed outputs of Slurm jobs.',
  autoStart: true,
  requires: [IRenderMimeRegistry, ISluiceService],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    registry: IRenderMimeRegistry,
    service: ISluiceService,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const openLog = (task: string): void => void app.commands.execute(CommandIDs.openLog, { task });
    registry.addFactory(outputRendererFactory({ service, registry, trans, openLog }));
  }
};
