import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { JSX } from 'react';
import { PageButton } from '../page-button';
import { CodeWords } from '../plan/code-words';
import { fileSummaryWords } from '../words/file-summary-words';
import type { FilesSession } from './files-session';
import { type FileActions, FilesTable } from './files-table';

type FilesViewOptions = {
  session: FilesSession;
  actions: Pick<FileActions, 'open' | 'pathOnServer'> & {
    /** Whether the person agrees to give them up; null: all. */
    confirmDismiss(paths: string[] | null): Promise<boolean>;
    logIn(): void;
    close(): void;
  };
  trans: TranslationBundle;
};

/** The files that a task wrote, as a page beside the notebook. */
export class FilesView extends ReactWidget {
  constructor(private readonly _options: FilesViewOptions) {
    super();
    this.addClass('sluice-PlanView');
    this.addClass('sluice-FilesView');
    this.node.setAttribute('role', 'region');
    this.node.tabIndex = -1;
  }

  override dispose(): void {
    this._options.session.dispose();
    super.dispose();
  }

  protected override onActivateRequest(_: Message): void {
    this.node.focus();
  }

  protected override render(): JSX.Element {
    const { session } = this._options;
    return <UseSignal signal={session.changed}>{() => <View {...this._options} />}</UseSignal>;
  }
}

function View(props: FilesViewOptions): JSX.Element {
  const { session, actions, trans } = props;
  const { list, task, problem } = session;
  const target = task?.target ?? '';
  const dismiss = async (paths: string[] | null): Promise<void> => {
    if (await actions.confirmDismiss(paths)) {
      await session.act('dismiss', paths);
    }
  };
  return (
    <div className="sluice-PlanView-page">
      <h2>{trans.__('Files of a job')}</h2>
      <p>
        <code>{task?.title}</code>
      </p>
      <Toolbar {...props} onDismiss={() => void dismiss(null)} />
      <p className="sluice-PlanView-summary" role="status">
        {list ? fileSummaryWords(list.summary, target, trans) : trans.__('Asking for the files…')}
      </p>
      {/* Outside the live region: it changes each second. */}
      {task?.progress != null && (
        <p className="sluice-FilesView-progress">
          {task.progress}{' '}
          {session.needsLogin && (
            <PageButton label={trans.__('Log in')} isMain onClick={() => actions.logIn()} />
          )}
        </p>
      )}
      {problem && (
        <div className="sluice-PlanView-message" data-kind="problem" role="alert">
          <p>
            <CodeWords text={problem.message} />
          </p>
          <p>
            <CodeWords text={problem.hint} />
          </p>
        </div>
      )}
      {list && list.files.length > 0 && (
        <FilesTable
          files={list.files}
          target={target}
          isBusy={session.isBusy}
          actions={{
            ...actions,
            fetch: path => void session.act('fetch', [path]),
            cancel: path => void session.act('cancel', [path]),
            dismiss: path => void dismiss([path])
          }}
          trans={trans}
        />
      )}
      <Pages session={session} trans={trans} />
    </div>
  );
}

function Toolbar({
  session,
  actions,
  trans,
  onDismiss
}: FilesViewOptions & { onDismiss: () => void }): JSX.Element {
  const { list, isBusy } = session;
  const isNoneThere = (list?.summary.there ?? 0) === 0;
  const isFetching = list?.files.some(({ state }) => state === 'fetching') === true;
  return (
    <div className="sluice-PlanToolbar" role="group" aria-label={trans.__('All files')}>
      <PageButton
        label={trans.__('Fetch all')}
        isMain
        isDisabled={isBusy || isNoneThere}
        onClick={() => void session.act('fetch', null)}
      />
      <PageButton
        label={trans.__('Give up all…')}
        isDisabled={isBusy || isNoneThere}
        onClick={onDismiss}
      />
      <PageButton
        label={trans.__('Cancel fetching')}
        isDisabled={isBusy || !(isFetching || session.task?.progress != null)}
        onClick={() => void session.act('cancel', null)}
      />
      <PageButton
        label={trans.__('Refresh')}
        isDisabled={isBusy}
        onClick={() => void session.refresh()}
      />
      <PageButton label={trans.__('Close')} onClick={actions.close} />
    </div>
  );
}

function Pages({
  session,
  trans
}: Pick<FilesViewOptions, 'session' | 'trans'>): JSX.Element | null {
  const { list, offset } = session;
  if (!list || (offset === 0 && list.nextOffset === null)) {
    return null;
  }
  const last = offset + list.files.length;
  return (
    <div className="sluice-FilesView-pages" role="group" aria-label={trans.__('Pages')}>
      <PageButton
        label={trans.__('Previous')}
        isDisabled={offset === 0}
        onClick={() => void session.previous()}
      />
      <span role="status">{trans.__('%1 to %2 of %3', offset + 1, last, list.summary.count)}</span>
      <PageButton
        label={trans.__('Next')}
        isDisabled={list.nextOffset === null}
        onClick={() => void session.next()}
      />
    </div>
  );
}
