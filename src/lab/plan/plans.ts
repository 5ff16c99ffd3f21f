import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, showErrorMessage, WidgetTracker } from '@jupyterlab/apputils';
import type { CodeCell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { askProjectConsent } from '../ask/project-consent';
import { isMagicCell } from '../cell/task-of-cell';
import type { IClock } from '../clock';
import { CommandIDs } from '../command-ids';
import { sluiceIcon } from '../icons';
import type { ISluiceService } from '../service';
import { showBeside } from '../show-beside';
import type { ITaskStore } from '../tasks/task-store';
import { askRehearsalConsent } from './ask-rehearsal-consent';
import { CellPlanSource } from './cell-plan-source';
import { copyText } from './copy-text';
import { makeOutputs } from './make-outputs';
import type { PlanActions } from './plan-actions';
import { PlanSession } from './plan-session';
import { PlanView } from './plan-view';
import { selectCell, showLine } from './show-line';

type PlansOptions = {
  app: JupyterFrontEnd;
  service: ISluiceService;
  store: ITaskStore;
  clock: IClock;
  trans: TranslationBundle;
};

type Place = { panel: NotebookPanel; cell: CodeCell };

/** The dry runs that are shown, one view for each cell. */
export class Plans {
  constructor(private readonly _options: PlansOptions) {}

  /** Plan a cell without sending it, and show the plan beside the notebook. */
  async plan(place: Place): Promise<void> {
    await (await this._show(place))?.refresh();
  }

  /** Show the plan of a cell, and run what it captured on this machine. */
  async rehearse(place: Place): Promise<void> {
    await (await this._show(place))?.rehearse();
  }

  /** Show the plan of a cell, and have it rehearsed on its target. */
  async rehearseThere(place: Place): Promise<void> {
    const session = await this._show(place);
    await session?.rehearseThere();
    if (session && !session.plan && !session.problem) {
      await session.refresh();
    }
  }

  private async _show(place: Place): Promise<PlanSession | null> {
    const { app, trans } = this._options;
    const { panel, cell } = place;
    if (isMagicCell(cell.model.sharedModel.getSource())) {
      // Its options are the magic's to read.
      const hint = trans.__('Add --dry-run to its first line and run it in the kernel.');
      await showErrorMessage(trans.__('This cell sends itself'), hint);
      return null;
    }
    const id = `sluice-plan-${cell.model.id}`;
    const known = this._tracker.find(one => one.id === id);
    const widget = known ?? (await this._open(place, id));
    showBeside(app.shell, widget, { ref: panel.id, mode: 'split-right' });
    return this._sessions.get(widget) ?? null;
  }

  private async _open({ panel, cell }: Place, id: string): Promise<MainAreaWidget<PlanView>> {
    const { app, service, store, clock, trans } = this._options;
    const { model } = cell;
    const askConsent = (): Promise<boolean> => askRehearsalConsent(trans);
    const askProjectFile = askProjectConsent(trans);
    const source = new CellPlanSource({
      service,
      store,
      clock,
      panel,
      model,
      askConsent,
      askProjectFile
    });
    const session = new PlanSession(source, clock);
    const content = new PlanView({
      session,
      trans,
      actions: this._actions(panel, cell, session, () => widget.dispose()),
      outputs: outputs => makeOutputs(panel, outputs)
    });
    const widget = new MainAreaWidget({ content });
    // The frame calls every content “main area content”.
    content.node.setAttribute('aria-label', trans.__('Dry run'));
    widget.id = id;
    widget.title.label = trans.__('Dry run');
    widget.title.caption = trans.__('Dry run of a cell of %1', panel.title.label);
    widget.title.icon = sluiceIcon;
    widget.title.closable = true;
    this._sessions.set(widget, session);
    model.contentChanged.connect(session.stir, session);
    panel.disposed.connect(() => widget.dispose());
    widget.disposed.connect(() => {
      if (!panel.isDisposed) {
        app.shell.activateById(panel.id);
      }
    });
    await this._tracker.add(widget);
    return widget;
  }

  private _actions(
    panel: NotebookPanel,
    cell: CodeCell,
    session: PlanSession,
    close: () => void
  ): PlanActions {
    const { app } = this._options;
    return {
      run: () => {
        app.shell.activateById(panel.id);
        if (selectCell(panel, cell)) {
          void app.commands.execute(CommandIDs.runCell);
        }
      },
      copy: () => copyText(JSON.stringify(session.plan, null, 2), this._options.trans),
      goToLine: line => {
        app.shell.activateById(panel.id);
        void showLine(panel, cell, line);
      },
      openPanel: () => void app.commands.execute(CommandIDs.openPanel),
      close
    };
  }

  private readonly _tracker = new WidgetTracker<MainAreaWidget<PlanView>>({
    namespace: 'sluice-plan'
  });
  private readonly _sessions = new WeakMap<Widget, PlanSession>();
}
