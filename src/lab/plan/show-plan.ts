import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, showErrorMessage } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isMagicCell } from '../cell/task-of-cell';
import type { IClock } from '../clock';
import { sluiceIcon } from '../icons';
import { askCapture } from '../kernel/ask-capture';
import { cellRequest } from '../notebook/cell-request';
import type { ISluiceService } from '../service';
import { toProblem } from '../tasks/task-store';
import { PlanView } from './plan-view';

export type ShowPlanOptions = {
  app: JupyterFrontEnd;
  service: ISluiceService;
  clock: IClock;
  trans: TranslationBundle;
  panel: NotebookPanel;
  cell: CodeCell;
};

/** Plan a cell without sending it, and show the plan beside the notebook. */
export async function showPlan(options: ShowPlanOptions): Promise<void> {
  const { app, service, clock, trans, panel, cell } = options;
  const { model } = cell;
  const source = model.sharedModel.getSource();
  if (isMagicCell(source)) {
    // Its options are the magic's to read.
    const hint = trans.__('Add --dry-run to its first line and run it in the kernel.');
    await showErrorMessage(trans.__('This cell sends itself'), hint);
    return;
  }
  try {
    const { signal } = new AbortController();
    const capture = await askCapture(service, panel.sessionContext, source, clock, signal);
    const plan = await service.plan(cellRequest(panel, model, source, capture));
    const widget = new MainAreaWidget({ content: new PlanView(plan, trans) });
    widget.id = `sluice-plan-${model.id}-${clock.now()}`;
    widget.title.label = trans.__('Dry run on %1', plan.target);
    widget.title.icon = sluiceIcon;
    widget.title.closable = true;
    app.shell.add(widget, 'main', { ref: panel.id, mode: 'split-right' });
    app.shell.activateById(widget.id);
  } catch (error) {
    const { message, hint } = toProblem(error);
    await showErrorMessage(trans.__('The dry run failed'), `${message} ${hint}`);
  }
}
