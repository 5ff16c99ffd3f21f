import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { JSX } from 'react';
import { PageButton } from '../page-button';
import { CodeWords } from '../plan/code-words';
import { DoctorProposal } from './doctor-proposal';
import type { DoctorSession } from './doctor-session';
import { DoctorSteps } from './doctor-steps';
import { checkWords } from './doctor-words';

type DoctorViewOptions = {
  session: DoctorSession;
  close: () => void;
  trans: TranslationBundle;
};

/** The check of a target as a page beside the notebook. */
export class DoctorView extends ReactWidget {
  constructor(private readonly _options: DoctorViewOptions) {
    super();
    this.addClass('sluice-PlanView');
    this.addClass('sluice-DoctorView');
    this.node.setAttribute('role', 'region');
    // Focus comes here first; the arrow keys scroll, Tab goes on to the buttons.
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

function View({ session, close, trans }: DoctorViewOptions): JSX.Element {
  const { report, problem } = session;
  return (
    <div className="sluice-PlanView-page">
      <h2>{trans.__('Check of %1', session.target)}</h2>
      <div className="sluice-PlanToolbar" role="group" aria-label={trans.__('Check')}>
        <PageButton
          label={trans.__('Check again')}
          isDisabled={session.isRunning}
          onClick={() => void session.run()}
        />
        <PageButton
          label={trans.__('Cancel')}
          isDisabled={!session.isRunning}
          onClick={() => void session.cancel()}
        />
        <PageButton label={trans.__('Close')} onClick={close} />
      </div>
      {/* There before it speaks, and polite: it tells the running step. */}
      <p className="sluice-PlanView-summary" role="status" aria-live="polite">
        {report ? checkWords(report, trans) : session.isRunning && trans.__('Checking…')}
      </p>
      {report?.host != null && report.host !== report.target && (
        <p>{trans.__('Host: %1', report.host)}</p>
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
      {report && <DoctorSteps report={report} trans={trans} />}
      {report?.proposal && (
        <DoctorProposal session={session} proposal={report.proposal} trans={trans} />
      )}
    </div>
  );
}
