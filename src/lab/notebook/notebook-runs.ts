import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';
import { readRecord } from '../cell/cell-record';
import { CellRun } from '../cell/cell-run';
import type { RunSurroundings } from '../cell/run-surroundings';
import { taskOfCell } from '../cell/task-of-cell';
import type { Task } from '../../shared/wire/task';
import type { ITaskStore, StoreChange } from '../tasks/task-store';

/**
 * The runs of one notebook document, however many views show it. Takes up the tasks that its cells
 * know, or that know its cells, when it is opened and whenever a cell is added.
 */
export class NotebookRuns implements IDisposable {
  constructor(
    private readonly _context: NotebookPanel['context'],
    private readonly _around: RunSurroundings
  ) {
    _context.disposed.connect(() => this.dispose());
    void _context.ready.then(() => {
      if (!this._isDisposed) {
        this._model.cells.changed.connect(this._sync, this);
        _around.store.changed.connect(this._onStoreChanged, this);
        this._sync();
      }
    });
  }

  /** Emitted with a run that was made, or that has something new to show. */
  get changed(): ISignal<this, CellRun> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get runs(): Iterable<CellRun> {
    return this._runs.values();
  }

  /** The run of a cell, if it has one. */
  get(model: ICellModel): CellRun | undefined {
    return this._runs.get(model);
  }

  /** The run of a code cell, made when there is none. */
  ensure(model: ICodeCellModel): CellRun {
    const known = this._runs.get(model);
    if (known) {
      return known;
    }
    const run = new CellRun(model, this._model, this._around);
    this._runs.set(model, run);
    run.changed.connect(() => this._changed.emit(run));
    return run;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._runs.forEach(run => run.dispose());
    this._runs.clear();
    Signal.clearData(this);
  }

  private get _model(): INotebookModel {
    return this._context.model;
  }

  private _onStoreChanged(_: ITaskStore, { task }: StoreChange): void {
    if (task === null || this._mayConcern(task)) {
      this._sync();
    }
  }

  /** Whether a task may be news for a cell; tasks that are followed already are not. */
  private _mayConcern(task: Task): boolean {
    if (this._awaited.has(task.id)) {
      return true;
    }
    const isFollowed = [...this._runs.values()].some(run => run.task?.id === task.id);
    return !isFollowed && task.origin?.notebookPath === this._context.localPath;
  }

  /** Drop the runs of cells that are gone, take up the tasks of those that are there. */
  private _sync(): void {
    const cells = [...this._model.cells];
    const present = new Set<ICellModel>(cells);
    for (const [model, run] of this._runs) {
      if (!present.has(model)) {
        run.dispose();
        this._runs.delete(model);
      }
    }
    const codeCells = cells.filter(cell => cell.type === 'code') as ICodeCellModel[];
    const cellIds = new Set(cells.map(cell => cell.id));
    const tasks = this._candidates(codeCells);
    codeCells.forEach(model => this._takeUp(model, cellIds, tasks));
  }

  /** The tasks that may belong to a cell here: a few of many. */
  private _candidates(codeCells: readonly ICodeCellModel[]): readonly Task[] {
    const records = codeCells.map(model => readRecord(model)).filter(record => record !== null);
    const recorded = new Set(records.map(record => record.task));
    const { store } = this._around;
    this._awaited = new Set(
      records.filter(({ task, ended }) => !ended && !store.get(task)).map(({ task }) => task)
    );
    return store.tasks.filter(
      task => recorded.has(task.id) || task.origin?.notebookPath === this._context.localPath
    );
  }

  private _takeUp(
    model: ICodeCellModel,
    cellIds: ReadonlySet<string>,
    tasks: readonly Task[]
  ): void {
    const run = this._runs.get(model);
    if (run?.isStarting) {
      return;
    }
    const place = {
      id: model.id,
      source: model.sharedModel.getSource(),
      record: readRecord(model),
      notebookPath: this._context.localPath,
      savedAt: Date.parse(this._context.contentsModel?.last_modified ?? '') || 0,
      cellIds
    };
    const task = taskOfCell(
      place,
      tasks.filter(one => !run?.isPast(one.id))
    );
    if (task && run?.task?.id !== task.id) {
      this.ensure(model).follow(task);
    }
  }

  private readonly _changed = new Signal<this, CellRun>(this);
  private readonly _runs = new Map<ICellModel, CellRun>();
  /** Tasks that cells remember and the service has not told of yet. */
  private _awaited: ReadonlySet<string> = new Set();
  private _isDisposed = false;
}
