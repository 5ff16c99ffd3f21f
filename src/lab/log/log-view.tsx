import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import { type JSX, useEffect, useRef } from 'react';
import type { Problem } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { IClock } from '../clock';
import type { ISluiceService } from '../service';
import { type ITaskStore, type StoreChange, toProblem } from '../tasks/task-store';

/** A live log is asked for again at most this often. */
export const FOLLOW_INTERVAL_MS = 2000;

/** The log of one task as text, followed while the task is live. */
export class LogView extends ReactWidget {
  constructor(
    private readonly _options: {
      taskId: string;
      service: ISluiceService;
      store: ITaskStore;
      clock: IClock;
      trans: TranslationBundle;
    }
  ) {
    super();
    this.addClass('sluice-LogView');
    _options.store.changed.connect(this._onStoreChanged, this);
    const timer = _options.clock.every(FOLLOW_INTERVAL_MS, () => this._follow());
    this.disposed.connect(() => timer.dispose());
    void this.refresh();
  }

  /** Ask for the whole log anew. */
  async refresh(): Promise<void> {
    const { service, taskId } = this._options;
    this._isAsking = true;
    try {
      this._text = await service.logs(taskId);
      this._problem = null;
    } catch (error) {
      this._problem = toProblem(error);
    } finally {
      this._isAsking = false;
    }
    this._changed.emit(undefined);
  }

  override dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this._changed}>{() => this._renderNow()}</UseSignal>;
  }

  private _renderNow(): JSX.Element {
    const { trans } = this._options;
    return (
      <>
        <div className="sluice-LogView-bar">
          <button type="button" className="sluice-Button" onClick={() => void this.refresh()}>
            {trans.__('Refresh')}
          </button>
          <label>
            <input
              type="checkbox"
              checked={this._isFollowing}
              onChange={event => this._setFollowing(event.target.checked)}
            />
            {trans.__('Follow')}
          </label>
        </div>
        {this._problem && (
          <div className="sluice-LogView-problem" role="alert">
            <div>{this._problem.message}</div>
            <div>{this._problem.hint}</div>
          </div>
        )}
        <LogText
          text={this._text ?? trans.__('Asking for the log…')}
          isFollowing={this._isFollowing}
          label={trans.__('Log')}
        />
      </>
    );
  }

  private _setFollowing(isFollowing: boolean): void {
    this._isFollowing = isFollowing;
    this._changed.emit(undefined);
  }

  private _follow(): void {
    const task = this._options.store.get(this._options.taskId);
    const isLive = task !== undefined && !isTerminal(task.phase);
    if (isLive && this._isFollowing && this.isVisible && !this._isAsking) {
      void this.refresh();
    }
  }

  private _onStoreChanged(_: ITaskStore, { task }: StoreChange): void {
    // The last lines come with the end.
    if (task?.id === this._options.taskId && isTerminal(task.phase)) {
      void this.refresh();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private _text: string | null = null;
  private _problem: Problem | null = null;
  private _isFollowing = true;
  private _isAsking = false;
}

type LogTextProps = { text: string; isFollowing: boolean; label: string };

function LogText({ text, isFollowing, label }: LogTextProps): JSX.Element {
  const node = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (isFollowing && node.current) {
      node.current.scrollTop = node.current.scrollHeight;
    }
  }, [text, isFollowing]);
  return (
    <pre
      ref={node}
      className="sluice-LogView-text"
      role="log"
      aria-label={label}
      aria-live="off"
      tabIndex={0}
    >
      {text}
    </pre>
  );
}
