import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import { type JSX, useEffect, useRef } from 'react';
import type { Problem } from '../../shared/errors';
import { isTerminal } from '../../shared/phases';
import type { IClock } from '../clock';
import type { ISluiceService } from '../service';
import { type ITaskStore, type StoreChange, toProblem } from '../tasks/task-store';
import { LogBar, type LogPlace } from './log-bar';
import { LogPages } from './log-pages';

/** A live log is asked for again at most this often. */
export const FOLLOW_INTERVAL_MS = 2000;

/** The log of one task as text, a stretch of it at a time; followed while the task is live. */
export class LogView extends ReactWidget {
  constructor(
    private readonly _options: {
      taskId: string;
      service: Pick<ISluiceService, 'logPart'>;
      store: ITaskStore;
      clock: IClock;
      trans: TranslationBundle;
    }
  ) {
    super();
    const { service, taskId, store, clock } = _options;
    this._pages = new LogPages(range => service.logPart(taskId, range));
    this.addClass('sluice-LogView');
    store.changed.connect(this._onStoreChanged, this);
    const timer = clock.every(FOLLOW_INTERVAL_MS, () => this._follow());
    this.disposed.connect(() => timer.dispose());
    void this.refresh();
  }

  /** Ask anew: for the end while it is followed, else for what is behind what is shown. */
  async refresh(): Promise<void> {
    await this._do(() => (this._isFollowing ? this._pages.toEnd() : this._pages.later()));
  }

  override dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected override render(): JSX.Element {
    return <UseSignal signal={this._changed}>{() => this._renderNow()}</UseSignal>;
  }

  private _renderNow(): JSX.Element {
    const { _pages: pages } = this;
    const { trans } = this._options;
    return (
      <>
        <LogBar
          pages={pages}
          isFollowing={this._isFollowing}
          trans={trans}
          onFollow={isFollowing => this._setFollowing(isFollowing)}
          onRefresh={() => void this.refresh()}
          onGo={where => void this._go(where)}
        />
        {this._problem && (
          <div className="sluice-LogView-problem" role="alert">
            <div>{this._problem.message}</div>
            <div>{this._problem.hint}</div>
          </div>
        )}
        <LogText
          text={this._isLoaded ? pages.text : trans.__('Asking for the log…')}
          isFollowing={this._isFollowing}
          label={trans.__('Log')}
        />
      </>
    );
  }

  private async _go(where: LogPlace): Promise<void> {
    if (where !== 'toEnd') {
      this._isFollowing = false;
    }
    await this._do(() => this._pages[where]());
  }

  private async _do(action: () => Promise<void>): Promise<void> {
    if (this._isAsking) {
      this._isStale = true;
      return;
    }
    this._isAsking = true;
    try {
      await action();
      this._problem = null;
      this._isLoaded = true;
    } catch (error) {
      this._problem = toProblem(error);
    } finally {
      this._isAsking = false;
    }
    this._changed.emit(undefined);
    if (this._isStale && !this.isDisposed) {
      this._isStale = false;
      await this.refresh();
    }
  }

  private _setFollowing(isFollowing: boolean): void {
    this._isFollowing = isFollowing;
    this._changed.emit(undefined);
    if (isFollowing && !this._pages.isAtEnd) {
      void this._go('toEnd');
    }
  }

  private _follow(): void {
    const task = this._options.store.get(this._options.taskId);
    const isLive = task !== undefined && !isTerminal(task.phase);
    if (isLive && this._isFollowing && this.isVisible && !this._isAsking) {
      void this._do(() => this._pages.follow());
    }
  }

  private _onStoreChanged(_: ITaskStore, { task }: StoreChange): void {
    // The last lines come with the end.
    if (task?.id === this._options.taskId && isTerminal(task.phase)) {
      void this._do(() => (this._isFollowing ? this._pages.follow() : this._pages.later()));
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _pages: LogPages;
  private _problem: Problem | null = null;
  private _isLoaded = false;
  private _isFollowing = true;
  private _isAsking = false;
  /** Something was asked for while an answer was awaited. */
  private _isStale = false;
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
