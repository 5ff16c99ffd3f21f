import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { JSX } from 'react';
import { sluiceIcon } from '../icons';
import type { ILogins } from '../login/logins';
import type { INewsStream } from '../service';
import type { ITaskStore } from '../tasks/task-store';
import { JobsView, type PanelActions } from './jobs-view';

/** The side panel “Slurm jobs”. */
export class JobsPanel extends ReactWidget {
  constructor(
    private readonly _store: ITaskStore,
    private readonly _stream: INewsStream,
    private readonly _logins: ILogins,
    private readonly _actions: Omit<PanelActions, 'refresh'>,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.id = 'sluice-jobs';
    this.addClass('sluice-JobsPanel');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _trans.__('Slurm jobs'));
    this.title.icon = sluiceIcon;
    this.title.caption = _trans.__('Slurm jobs');
  }

  protected override onBeforeShow(): void {
    this._store.start();
  }

  protected override render(): JSX.Element {
    const { _store: store, _stream: stream, _logins: logins, _trans: trans } = this;
    const actions = {
      ...this._actions,
      refresh: () => void store.refresh()
    };
    const view = (): JSX.Element => (
      <JobsView
        state={store.state}
        tasks={store.tasks}
        isConnected={stream.isConnected}
        now={store.ticker.now}
        loginOf={target => logins.progressOf(target)}
        trans={trans}
        actions={actions}
      />
    );
    return (
      <UseSignal signal={store.changed}>
        {() => (
          <UseSignal signal={stream.connectedChanged}>
            {() => (
              <UseSignal signal={logins.changed}>
                {() => <UseSignal signal={store.ticker.ticked}>{view}</UseSignal>}
              </UseSignal>
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }
}
