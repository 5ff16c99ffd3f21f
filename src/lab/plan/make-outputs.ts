import type { IOutput } from '@jupyterlab/nbformat';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { OutputAreaModel, SimplifiedOutputArea } from '@jupyterlab/outputarea';
import type { Widget } from '@lumino/widgets';

/**
 * The outputs of a rehearsal, rendered as the notebook renders its own. They are trusted: the
 * person's code made them on this machine.
 */
export function makeOutputs(panel: NotebookPanel, outputs: readonly IOutput[]): Widget {
  const model = new OutputAreaModel({ trusted: true, values: [...outputs] });
  const area = new SimplifiedOutputArea({ model, rendermime: panel.content.rendermime });
  area.disposed.connect(() => model.dispose());
  return area;
}
