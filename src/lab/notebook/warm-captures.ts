import { CodeCell, type ICodeCellModel } from '@jupyterlab/cells';
import {
  type INotebookTracker,
  type Notebook,
  NotebookActions,
  type NotebookPanel
} from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { SluiceError } from '../../shared/errors';
import type { Plan } from '../../shared/wire/plan';
import { isMagicCell } from '../cell/task-of-cell';
import type { IClock } from '../clock';
import { askCapture } from '../kernel/ask-capture';
import { isBeingAsked } from '../kernel/ask-kernel';
import type { ISluiceService } from '../service';
import type { ISluiceSettings } from '../settings';
import { cellRequest, targetOfCell } from './cell-request';

/** How long a cell has to rest before it is looked at. */
export const REST_MS = 800;

type WarmOptions = {
  tracker: INotebookTracker;
  service: ISluiceService;
  settings: Pick<ISluiceSettings, 'warmsCapture'>;
  clock: IClock;
};

type Place = { panel: NotebookPanel; cell: CodeCell };

/** A plan, and what of the cell it is for. */
type Known = {
  panel: NotebookPanel;
  model: ICodeCellModel;
  source: string;
  target: string | null;
  plan: Plan;
};

/**
 * Knows what the active cell would send, before anyone asks: looks once the cell rests and its
 * kernel is idle, one look at a time. By itself it looks only through a subshell: elsewhere it would
 * stand in the queue before the person's next cell, so there it waits for `askNow`.
 */
export class WarmCaptures implements IDisposable {
  constructor(private readonly _options: WarmOptions) {
    _options.tracker.activeCellChanged.connect(this._onActiveCellChanged, this);
    NotebookActions.executed.connect(this._onExecuted, this);
    this._onActiveCellChanged();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What a cell would send as it is; null: not known (any more). */
  planOf(model: ICodeCellModel): Plan | null {
    const known = this._known?.model === model ? this._known : null;
    const isSame =
      known?.source === model.sharedModel.getSource() &&
      known.target === targetOfCell(known.panel, model);
    return isSame ? known.plan : null;
  }

  /** Look at the active cell now: someone is about to ask. */
  askNow(): void {
    if (this._place && !this._asking && !this.planOf(this._place.cell.model)) {
      void this._look(this._place, true);
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._leave();
      Signal.clearData(this);
    }
  }

  private _onActiveCellChanged(): void {
    this._leave();
    const { currentWidget: panel, activeCell: cell } = this._options.tracker;
    if (panel && cell instanceof CodeCell) {
      this._place = { panel, cell };
      cell.model.contentChanged.connect(this._rest, this);
      this._rest();
    }
  }

  /** A cell that ran may have changed what the active one needs. */
  private _onExecuted(_: unknown, { notebook }: { notebook: Notebook }): void {
    if (this._place?.panel.content === notebook) {
      this._forget();
      this._rest();
    }
  }

  private _leave(): void {
    this._place?.cell.model.contentChanged.disconnect(this._rest, this);
    this._place = null;
    this._forget();
    this._stopWaiting();
  }

  private _forget(): void {
    this._asking?.abort();
    this._asking = null;
    if (this._known) {
      this._known = null;
      this._changed.emit(undefined);
    }
  }

  private _stopWaiting(): void {
    this._timer?.dispose();
    this._timer = null;
    this._awaited?.statusChanged.disconnect(this._onStatus, this);
    this._awaited = null;
  }

  private _rest(): void {
    const { settings, clock } = this._options;
    this._stopWaiting();
    const { _place: place } = this;
    if (!place || !settings.warmsCapture || this.planOf(place.cell.model)) {
      return;
    }
    this._forget();
    this._timer = clock.after(REST_MS, () => void this._look(place, false));
  }

  private async _look(place: Place, isAsked: boolean): Promise<void> {
    const { panel, cell } = place;
    const kernel = panel.sessionContext.session?.kernel;
    const source = cell.model.sharedModel.getSource();
    const target = targetOfCell(panel, cell.model);
    if (!kernel || this._unsuited.has(kernel.id) || source.trim() === '' || isMagicCell(source)) {
      return;
    }
    if (kernel.status !== 'idle') {
      this._await(kernel);
      return;
    }
    if (isBeingAsked(kernel)) {
      // The helper may just be on its way into the kernel, or the cell is being sent.
      this._rest();
      return;
    }
    const asking = new AbortController();
    this._asking = asking;
    try {
      if (await this._suits(kernel, isAsked)) {
        const plan = await this._plan(place, source, kernel, asking.signal);
        if (plan && !asking.signal.aborted) {
          this._known = { panel, model: cell.model, source, target, plan };
          this._changed.emit(undefined);
        }
      }
    } catch (error) {
      this._onFailure(error, kernel);
    } finally {
      if (this._asking === asking) {
        this._asking = null;
      }
    }
  }

  /** Nobody asked, so nobody is told: the button does without, and a real run says what is wrong. */
  private _onFailure(error: unknown, kernel: Kernel.IKernelConnection): void {
    if (!(error instanceof SluiceError)) {
      throw error;
    }
    if (error.code === 'server-missing') {
      this._unsuited.add(kernel.id);
    }
  }

  private async _suits(kernel: Kernel.IKernelConnection, isAsked: boolean): Promise<boolean> {
    const { language_info: language } = await kernel.info;
    if (language.name.toLowerCase() !== 'python') {
      this._unsuited.add(kernel.id);
      return false;
    }
    return isAsked || kernel.supportsSubshells;
  }

  private async _plan(
    { panel, cell }: Place,
    source: string,
    kernel: Kernel.IKernelConnection,
    signal: AbortSignal
  ): Promise<Plan | null> {
    const { service, clock } = this._options;
    const choice = { target: targetOfCell(panel, cell.model), write: false };
    const capture = await askCapture(service, panel.sessionContext, source, clock, signal, choice);
    if (capture.nonce === null) {
      // The kernel runs on another machine; what it would send cannot be sent from here.
      this._unsuited.add(kernel.id);
      return null;
    }
    const request = cellRequest(panel, cell.model, source, capture);
    return signal.aborted ? null : service.plan({ ...request, brief: true }, signal);
  }

  /** Wait until the kernel has done what the person told it to do. */
  private _await(kernel: Kernel.IKernelConnection): void {
    this._stopWaiting();
    this._awaited = kernel;
    kernel.statusChanged.connect(this._onStatus, this);
  }

  private _onStatus(kernel: Kernel.IKernelConnection): void {
    if (kernel.status === 'idle' || kernel.isDisposed) {
      this._rest();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _place: Place | null = null;
  private _timer: IDisposable | null = null;
  private _awaited: Kernel.IKernelConnection | null = null;
  private _asking: AbortController | null = null;
  private _known: Known | null = null;
  /** Ids of kernels that are of another language or on another machine. */
  private readonly _unsuited = new Set<string>();
  private _isDisposed = false;
}
